package io.vectorstream.store;

import com.google.common.collect.Lists;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** The stored events, looked through for what a query that is no more has left undone. */
public final class EventHistory {

  private static final int PAGE = 5_000;

  /** Whole events may be large. */
  private static final int EVENTS = 200;

  private final VectorStore store;
  private final String collection;

  public EventHistory(Settings.Qdrant settings) {
    this.store = VectorStore.shared(settings);
    this.collection = settings.collections().events();
  }

  /**
   * The last batch of each query that has stored events, unless it or a later one is settled:
   * batches are whole before the next one begins, so then nothing of that query is left to be done.
   *
   * @param points those of its events
   */
  public record LastBatch(BatchMark mark, List<UUID> points) {}

  /** Looks at every event: seconds for a million of them. */
  public List<LastBatch> lastBatches() {
    Map<String, LastBatch> last = new HashMap<>();
    Map<String, Long> settled = new HashMap<>();
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of("batch")))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    ScrollResponse page;
    do {
      page = store.ask(client -> client.scrollAsync(request.build()));
      for (RetrievedPoint point : page.getResultList()) {
        String batch = EventCollection.batch(point);
        BatchMark.parse(batch)
            .ifPresent(mark -> add(last, mark, UUID.fromString(point.getId().getUuid())));
        BatchMark.parseSettled(batch)
            .ifPresent(mark -> settled.merge(mark.queryId(), mark.number(), Math::max));
      }
      request.setOffset(page.getNextPageOffset());
    } while (page.hasNextPageOffset());
    last.values()
        .removeIf(
            batch -> settled.getOrDefault(batch.mark().queryId(), -1L) >= batch.mark().number());
    return List.copyOf(last.values());
  }

  private static void add(Map<String, LastBatch> last, BatchMark mark, UUID point) {
    LastBatch known = last.get(mark.queryId());
    if (known == null || known.mark().number() < mark.number()) {
      known = new LastBatch(mark, new ArrayList<>());
      last.put(mark.queryId(), known);
    }
    if (known.mark().equals(mark)) {
      known.points().add(point);
    }
  }

  /** Hands over the events of a batch, one after another. */
  public void forEach(LastBatch batch, Consumer<ShopEvent> action) {
    for (List<PointId> ids : ids(batch, EVENTS)) {
      store
          .ask(client -> client.retrieveAsync(collection, ids, true, false, null))
          .forEach(point -> action.accept(EventPoints.event(point.getPayloadMap())));
    }
  }

  /** Marks the events as fully counted; {@link #lastBatches} passes over them from then on. */
  public void settle(LastBatch batch) {
    for (List<PointId> ids : ids(batch, PAGE)) {
      store.ask(
          client ->
              client.setPayloadAsync(
                  collection,
                  Map.of("batch", Payload.text(batch.mark().settled())),
                  ids,
                  true,
                  null,
                  null));
    }
  }

  private static List<List<PointId>> ids(LastBatch batch, int size) {
    return Lists.partition(
        Lists.transform(
            batch.points(), point -> PointId.newBuilder().setUuid(point.toString()).build()),
        size);
  }
}
