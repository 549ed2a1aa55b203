package io.vectorstream.store;

import com.google.protobuf.Timestamp;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.DatetimeRange;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import java.util.List;

/** The deletion of stored events from before a given time, a limited number per call. */
public final class ExpiredEvents {

  private static final int AT_ONCE = 1_000;

  private final VectorStore store;
  private final String collection;

  /** Uses the connection that all batches of this JVM share. */
  public ExpiredEvents(Settings.Qdrant settings) {
    this.store = VectorStore.shared(settings);
    this.collection = settings.collections().events();
  }

  /**
   * Deletes some events by their own time; events from the future are never older than a horizon in
   * the past.
   *
   * @param horizon seconds since 1970
   * @return the number of deleted events; 0 if there are no more
   */
  public int deleteSome(long horizon) {
    Filter before =
        Filter.newBuilder()
            .addMust(
                ConditionFactory.datetimeRange(
                    Field.TIMESTAMP,
                    DatetimeRange.newBuilder()
                        .setLt(Timestamp.newBuilder().setSeconds(horizon))
                        .build()))
            .build();
    ScrollPoints some =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setFilter(before)
            .setLimit(AT_ONCE)
            .setWithPayload(WithPayloadSelectorFactory.enable(false))
            .setWithVectors(WithVectorsSelectorFactory.enable(false))
            .build();
    List<PointId> found =
        store.ask(client -> client.scrollAsync(some)).getResultList().stream()
            .map(RetrievedPoint::getId)
            .toList();
    if (!found.isEmpty()) {
      DeletePoints delete =
          DeletePoints.newBuilder()
              .setCollectionName(collection)
              .setWait(true)
              .setPoints(
                  PointsSelector.newBuilder()
                      .setFilter(before.toBuilder().addMust(ConditionFactory.hasId(found))))
              .build();
      store.ask(client -> client.deleteAsync(delete));
    }
    return found.size();
  }
}
