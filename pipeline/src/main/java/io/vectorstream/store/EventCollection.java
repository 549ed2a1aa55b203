package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The stored events. Calls return at once; {@link #await} waits for their answers. */
public final class EventCollection {

  private static final WithPayloadSelector ORIGIN =
      WithPayloadSelectorFactory.include(
          List.of(Field.BATCH, Field.PARTITION, Field.OFFSET, Field.INGESTED_AT));

  private final VectorStore store;
  private final String collection;

  public EventCollection(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public EventCollection(VectorStore store) {
    this.store = store;
    this.collection = store.collections().events();
  }

  /**
   * The origin of a stored event.
   *
   * @param batch the mark of the batch that stored it first
   * @param ingestedAt when Kafka took it, as it was stored then
   */
  public record Origin(String batch, long partition, long offset, String ingestedAt) {

    /** Returns whether the event comes from this very record. */
    public boolean isOf(ShopEvent event) {
      return event.partition() == partition && event.offset() == offset;
    }

    /**
     * Returns the event to store or count again, with the time at which Kafka took it as the
     * earlier try stored it: for a record whose own time cannot be true, tries may compute
     * different ones.
     */
    public ShopEvent asStored(ShopEvent event) {
      if (!isOf(event)) {
        return event;
      }
      long stored = Times.micros(ingestedAt);
      return stored < event.receivedAtMicros() ? event.takenAt(stored) : event;
    }
  }

  /** Finds those of these events that are stored already: the origin of each, by the event's id. */
  public CompletableFuture<Map<String, Origin>> originsOf(List<ShopEvent> events) {
    List<PointId> ids = events.stream().map(event -> PointIds.point(event.eventId())).toList();
    return store
        .retrieve(collection, ids, ORIGIN, WithVectorsSelectorFactory.enable(false))
        .thenApply(points -> points.isEmpty() ? Map.of() : byEvent(events, ids, points));
  }

  private static Map<String, Origin> byEvent(
      List<ShopEvent> events, List<PointId> ids, List<RetrievedPoint> points) {
    Map<String, Origin> byPoint = new HashMap<>();
    for (RetrievedPoint point : points) {
      byPoint.put(point.getId().getUuid(), origin(point.getPayloadMap()));
    }
    Map<String, Origin> byEvent = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      Origin origin = byPoint.get(ids.get(i).getUuid());
      if (origin != null) {
        byEvent.put(events.get(i).eventId(), origin);
      }
    }
    return byEvent;
  }

  private static Origin origin(Map<String, Value> payload) {
    return new Origin(
        batch(payload),
        payload.get(Field.PARTITION).getIntegerValue(),
        payload.get(Field.OFFSET).getIntegerValue(),
        payload.get(Field.INGESTED_AT).getStringValue());
  }

  static String batch(Map<String, Value> payload) {
    Value batch = payload.get(Field.BATCH);
    return batch == null ? "" : batch.getStringValue();
  }

  /** Returns the characters of an event's texts, which the size of its point grows with. */
  public static long size(ShopEvent event) {
    long size =
        event.eventId().length()
            + length(event.userId())
            + length(event.sessionId())
            + length(event.paymentMethod())
            + length(event.searchQuery());
    Product product = event.product();
    return product == null
        ? size
        : size
            + product.id().length()
            + product.name().length()
            + length(product.description())
            + length(product.category());
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /**
   * Stores events; done when the server has acknowledged all of them.
   *
   * @param vectors one for each event, null where it has none; null to store no vectors
   */
  public CompletableFuture<?> store(List<ShopEvent> events, List<float[]> vectors, String batch) {
    if (events.stream().noneMatch(ShopEvent::isWithoutUser)) {
      return send(events, vectors, batch);
    }
    return CompletableFuture.allOf(
        Stream.of(true, false)
            .map(
                withoutUser -> {
                  List<ShopEvent> some = new ArrayList<>();
                  List<float[]> theirs = vectors == null ? null : new ArrayList<>();
                  for (int i = 0; i < events.size(); i++) {
                    if (events.get(i).isWithoutUser() == withoutUser) {
                      some.add(events.get(i));
                      if (vectors != null) {
                        theirs.add(vectors.get(i));
                      }
                    }
                  }
                  return some.isEmpty()
                      ? CompletableFuture.completedFuture(null)
                      : send(some, theirs, batch);
                })
            .toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<?> send(List<ShopEvent> events, List<float[]> vectors, String batch) {
    return store.submit(EncodedUpsert.METHOD, upsert(events, vectors, batch));
  }

  /**
   * Returns the request that {@link #store} sends: Qdrant's {@code UpsertPoints} in protobuf.
   * Events with a user do not replace events that are stored without one.
   */
  public byte[] upsert(List<ShopEvent> events, List<float[]> vectors, String batch) {
    EventUpsert upsert =
        new EventUpsert(
            collection,
            store.writeOrdering(),
            events.size(),
            batch,
            System.currentTimeMillis() * 1000,
            events.isEmpty() || !events.stream().allMatch(ShopEvent::isWithoutUser));
    for (int i = 0; i < events.size(); i++) {
      upsert.add(events.get(i), vectors == null ? null : vectors.get(i));
    }
    return upsert.toByteArray();
  }

  /**
   * Waits for the answer of a call.
   *
   * @throws StoreException if it failed, however often it was tried
   */
  public <T> T await(CompletableFuture<T> call) {
    return store.await(call);
  }
}
