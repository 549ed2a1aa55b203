package io.vectorstream.store;

import com.google.common.collect.Lists;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A search through the stored events for the unfinished work of a query that does not exist any
 * more. It is needed where the ledger does not record that work, or the topic has lost the records.
 */
public final class StoredBatches {

  private static final int PAGE = 5_000;

  /** The events in one page; whole events may be large. */
  private static final int EVENTS = 200;

  private final VectorStore store;
  private final String collection;

  public StoredBatches(Settings.Qdrant settings) {
    this.store = VectorStore.shared(settings);
    this.collection = settings.collections().events();
  }

  /**
   * A batch as its events are stored.
   *
   * @param points those of its events
   */
  public record StoredBatch(BatchMark mark, List<UUID> points) {}

  /**
   * Returns the last batch of each query that has stored events, unless that batch or a later one
   * is settled: versions without a ledger noted in that way that its work is complete. Reads every
   * event: seconds for a million of them.
   */
  public List<StoredBatch> lastBatches() {
    Map<String, StoredBatch> last = new HashMap<>();
    Map<String, Long> settled = new HashMap<>();
    forEachMark(
        (point, batch) -> {
          BatchMark.parse(batch).ifPresent(mark -> add(last, mark, point));
          BatchMark.parseSettled(batch)
              .ifPresent(mark -> settled.merge(mark.queryId(), mark.number(), Math::max));
        });
    last.values()
        .removeIf(
            batch -> settled.getOrDefault(batch.mark().queryId(), -1L) >= batch.mark().number());
    return List.copyOf(last.values());
  }

  /**
   * Returns a batch, or a part of one with all that follows it, as far as it was stored. Reads
   * every event.
   */
  public StoredBatch of(BatchMark mark) {
    StoredBatch batch = new StoredBatch(mark, new ArrayList<>());
    forEachMark(
        (point, stored) -> {
          BatchMark.parse(stored)
              .filter(mark::isFollowedBy)
              .ifPresent(found -> batch.points().add(point));
        });
    return batch;
  }

  private void forEachMark(BiConsumer<UUID, String> action) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of(Field.BATCH)))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    new ScrollPages(store, request)
        .forEachRemaining(
            page ->
                page.forEach(
                    point ->
                        action.accept(
                            UUID.fromString(point.getId().getUuid()),
                            EventCollection.batch(point.getPayloadMap()))));
  }

  private static void add(Map<String, StoredBatch> last, BatchMark mark, UUID point) {
    StoredBatch known = last.get(mark.queryId());
    if (known == null || known.mark().number() < mark.number()) {
      known = new StoredBatch(mark, new ArrayList<>());
      last.put(mark.queryId(), known);
    }
    if (known.mark().equals(mark)) {
      known.points().add(point);
    }
  }

  /** Passes the events of a batch to the action, one after another. */
  public void forEach(StoredBatch batch, Consumer<ShopEvent> action) {
    for (List<PointId> ids : ids(batch, EVENTS)) {
      store
          .await(
              store.retrieve(
                  collection,
                  ids,
                  WithPayloadSelectorFactory.enable(true),
                  WithVectorsSelectorFactory.enable(false)))
          .forEach(point -> action.accept(EventPayload.event(point.getPayloadMap())));
    }
  }

  private static List<List<PointId>> ids(StoredBatch batch, int size) {
    return Lists.partition(
        Lists.transform(
            batch.points(), point -> PointId.newBuilder().setUuid(point.toString()).build()),
        size);
  }
}
