package io.vectorstream.store;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The events that are stored. Calls return at once; {@link #await} waits. */
public final class EventCollection {

  private static final WithPayloadSelector BATCH_ONLY =
      WithPayloadSelectorFactory.include(List.of("batch"));

  private final VectorStore store;
  private final String collection;

  public EventCollection(Settings.Qdrant settings) {
    this.store = VectorStore.shared(settings);
    this.collection = settings.collections().events();
  }

  /** Which of these events are stored already: the batch that stored each, by the point's id. */
  public ListenableFuture<Map<String, String>> batchesOf(List<ShopEvent> events) {
    ListenableFuture<List<RetrievedPoint>> found =
        store
            .client()
            .retrieveAsync(
                collection,
                events.stream().map(event -> PointIds.point(event.eventId())).toList(),
                BATCH_ONLY,
                WithVectorsSelectorFactory.enable(false),
                null);
    return Futures.transform(
        found,
        points -> {
          Map<String, String> batches = new HashMap<>();
          for (RetrievedPoint point : points) {
            batches.put(point.getId().getUuid(), EventPoints.batch(point.getPayloadMap()));
          }
          return batches;
        },
        MoreExecutors.directExecutor());
  }

  /** The key of an event in the answer of {@link #batchesOf}. */
  public static String key(ShopEvent event) {
    return PointIds.point(event.eventId()).getUuid();
  }

  /**
   * Stores events; done when the server has acknowledged all of them.
   *
   * @param vectors one for each event, null where it has none; null to store no vectors
   */
  public ListenableFuture<UpdateResult> store(
      List<ShopEvent> events, List<float[]> vectors, String batch) {
    long now = System.currentTimeMillis() * 1000;
    List<PointStruct> points = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      points.add(
          EventPoints.point(events.get(i), vectors == null ? null : vectors.get(i), batch, now));
    }
    return store
        .client()
        .upsertAsync(
            UpsertPoints.newBuilder()
                .setCollectionName(collection)
                .setWait(true)
                .addAllPoints(points)
                .build());
  }

  /**
   * The answer of a call.
   *
   * @throws StoreException if it failed, however often it was tried
   */
  public <T> T await(ListenableFuture<T> call) {
    return store.await(call);
  }
}
