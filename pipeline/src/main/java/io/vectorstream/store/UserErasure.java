package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.VectorsSelector;
import io.vectorstream.config.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The removal of a user's stored data. All of it may be repeated, and continues where it was
 * interrupted. It never reads a point to write it back, so it may run beside a batch.
 */
public final class UserErasure {

  private static final int EVENTS_AT_ONCE = 200;

  private final VectorStore store;

  /** Uses the connection that all batches of this JVM share. */
  public UserErasure(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public UserErasure(VectorStore store) {
    this.store = store;
  }

  /**
   * Replaces the user with a point without id and vector, which no writer replaces.
   *
   * @return whether the user was stored
   */
  public boolean removeUser(String userId) {
    String users = store.collections().users();
    boolean wasStored =
        store
            .await(
                store.retrieve(
                    users,
                    List.of(PointIds.user(userId)),
                    WithPayloadSelectorFactory.include(List.of(UserPoints.FORGOTTEN)),
                    WithVectorsSelectorFactory.enable(false)))
            .stream()
            .anyMatch(point -> !UserPoints.isForgotten(point.getPayloadMap()));
    store.upsert(
        UpsertPoints.newBuilder()
            .setCollectionName(users)
            // The time since when a user is forgotten does not change.
            .setUpdateFilter(UserPoints.NOT_FORGOTTEN)
            .addPoints(UserPoints.forgotten(userId, Instant.now())));
    return wasStored;
  }

  /**
   * Removes the fields that identify the user from the user's events. The events stay stored, so
   * that their copies are recognised, but without a vector: that of a search is made of the user's
   * own words.
   *
   * @param progress receives the number of events so far
   * @return the number of events
   */
  public long anonymiseEvents(String userId, LongConsumer progress) {
    boolean vectors = haveVectors();
    long events = 0;
    List<PointId> page = nextEvents(userId);
    while (!page.isEmpty()) {
      anonymise(userId, page, vectors);
      events += page.size();
      progress.accept(events);
      page = nextEvents(userId);
    }
    return events;
  }

  private boolean haveVectors() {
    String events = store.collections().events();
    return store
        .ask(client -> client.getCollectionInfoAsync(events))
        .getConfig()
        .getParams()
        .getVectorsConfig()
        .hasParams();
  }

  /** Returns the next events to change; changed ones are not found any more. */
  private List<PointId> nextEvents(String userId) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().events())
            .setFilter(of(userId))
            .setLimit(EVENTS_AT_ONCE)
            .setWithPayload(WithPayloadSelectorFactory.enable(false))
            .setWithVectors(WithVectorsSelectorFactory.enable(false))
            .build();
    return store.ask(client -> client.scrollAsync(request)).getResultList().stream()
        .map(RetrievedPoint::getId)
        .toList();
  }

  private static Filter.Builder of(String userId) {
    return Filter.newBuilder().addMust(ConditionFactory.matchKeyword(Field.USER_ID, userId));
  }

  private void anonymise(String userId, List<PointId> events, boolean vectors) {
    // Selects by filter, because one of the points may be deleted at the same time.
    PointsSelector which =
        PointsSelector.newBuilder()
            .setFilter(of(userId).addMust(ConditionFactory.hasId(events)))
            .build();
    List<PointsUpdateOperation> operations = new ArrayList<>();
    if (vectors) {
      operations.add(
          PointsUpdateOperation.newBuilder()
              .setDeleteVectors(
                  PointsUpdateOperation.DeleteVectors.newBuilder()
                      .setPointsSelector(which)
                      .setVectors(VectorsSelector.newBuilder().addNames("")))
              .build());
    }
    operations.add(
        PointsUpdateOperation.newBuilder()
            .setDeletePayload(
                PointsUpdateOperation.DeletePayload.newBuilder()
                    .setPointsSelector(which)
                    .addAllKeys(EventPayload.OF_THE_USER))
            .build());
    PointUpdates.apply(store, store.collections().events(), operations);
  }
}
