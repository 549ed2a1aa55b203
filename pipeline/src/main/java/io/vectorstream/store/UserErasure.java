package io.vectorstream.store;

import com.google.common.collect.Lists;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The removal of a user's stored data. All of it may be repeated, and continues where it was
 * interrupted. It never reads a point to write it back, so it may run beside a batch.
 */
public final class UserErasure {

  private static final int EVENTS_AT_ONCE = 200;
  private static final int LOOKED_AT_AT_ONCE = 5_000;

  private final VectorStore store;

  /** Uses the connection that all batches of this JVM share. */
  public UserErasure(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public UserErasure(VectorStore store) {
    this.store = store;
  }

  /** Does the same as {@link #removeUsers} for one user; returns whether the user was stored. */
  public boolean removeUser(String userId) {
    return !removeUsers(List.of(userId)).isEmpty();
  }

  /**
   * Puts a point without id and vector in each user's place, which no writer writes over.
   *
   * @return those who were stored
   */
  public Set<String> removeUsers(Collection<String> userIds) {
    Set<String> stored = new HashSet<>();
    for (List<String> some :
        Lists.partition(List.copyOf(userIds), CollectionPromises.POINTS_AT_ONCE)) {
      stored.addAll(stored(some));
      UpsertPoints.Builder marks =
          UpsertPoints.newBuilder()
              .setCollectionName(store.collections().users())
              // Since when a user is forgotten does not change.
              .setUpdateFilter(UserPoints.NOT_FORGOTTEN);
      some.forEach(userId -> marks.addPoints(UserPoints.forgotten(userId, Instant.now())));
      store.upsert(marks);
    }
    return stored;
  }

  private Set<String> stored(List<String> userIds) {
    Set<String> stored = new HashSet<>();
    store
        .await(
            store.retrieve(
                store.collections().users(),
                userIds.stream().map(PointIds::user).toList(),
                WithPayloadSelectorFactory.include(List.of(Field.USER_ID)),
                WithVectorsSelectorFactory.enable(false)))
        .stream()
        .map(RetrievedPoint::getPayloadMap)
        .filter(payload -> payload.containsKey(Field.USER_ID))
        .forEach(payload -> stored.add(payload.get(Field.USER_ID).getStringValue()));
    return stored;
  }

  /**
   * Removes the fields that identify the user from the user's events. The events stay stored, so
   * that their copies are recognised, but without a vector: that of a search is made of the user's
   * own words.
   *
   * @return the number of events
   */
  public long anonymiseEvents(String userId) {
    boolean vectors = haveVectors();
    long events = 0;
    List<PointId> page = nextEvents(userId);
    while (!page.isEmpty()) {
      anonymise(userId, page, vectors);
      events += page.size();
      page = nextEvents(userId);
    }
    return events;
  }

  /**
   * Does the same as {@link #anonymiseEvents} for all users of whom only the points are known.
   * Looks at every event: seconds for a million of them.
   *
   * @return how many events there were
   */
  public long anonymiseEvents(ForgottenUsers users) {
    boolean vectors = haveVectors();
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().events())
            .setFilter(UserPoints.WITH_USER)
            .setLimit(LOOKED_AT_AT_ONCE)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of(Field.USER_ID)))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    long events = 0;
    for (ScrollPages pages = new ScrollPages(store, request); pages.hasNext(); ) {
      Map<String, List<PointId>> byUser =
          pages.next().stream()
              .collect(
                  Collectors.groupingBy(
                      point -> point.getPayloadOrThrow(Field.USER_ID).getStringValue(),
                      Collectors.mapping(RetrievedPoint::getId, Collectors.toList())));
      byUser.keySet().removeIf(user -> !users.contains(user));
      for (Map.Entry<String, List<PointId>> entry : byUser.entrySet()) {
        for (List<PointId> some : Lists.partition(entry.getValue(), EVENTS_AT_ONCE)) {
          anonymise(entry.getKey(), some, vectors);
          events += some.size();
        }
      }
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
