package io.vectorstream.store;

import com.google.protobuf.Timestamp;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.DatetimeRange;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.event.ShopEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The queries for stored events, the newest first, by the time at which they count. Events of
 * forgotten users are left out.
 */
public final class EventQueries {

  private static final Comparator<ShopEvent> NEWEST_FIRST =
      Comparator.comparingLong(ShopEvent::countedAtMicros).reversed();

  private final VectorStore store;
  private final Clock clock;

  public EventQueries(VectorStore store) {
    this(store, Clock.systemUTC());
  }

  EventQueries(VectorStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Returns the latest events. */
  public List<ShopEvent> newest(int limit) {
    return newest(Filter.getDefaultInstance(), limit);
  }

  /** Returns the ids of those of these events that are stored. */
  public Set<String> storedAmong(Collection<String> eventIds) {
    Map<String, String> eventOfPoint = new HashMap<>();
    eventIds.forEach(id -> eventOfPoint.put(PointIds.text(id), id));
    return store
        .await(
            store.retrieve(
                store.collections().events(),
                eventIds.stream().map(PointIds::point).toList(),
                WithPayloadSelectorFactory.enable(false),
                WithVectorsSelectorFactory.enable(false)))
        .stream()
        .map(point -> eventOfPoint.get(point.getId().getUuid()))
        .collect(Collectors.toSet());
  }

  /** Returns the latest events about a product. */
  public List<ShopEvent> ofProduct(String productId, int limit) {
    return newest(
        Filter.newBuilder()
            .addMust(ConditionFactory.matchKeyword(Field.PRODUCT_ID, productId))
            .build(),
        limit);
  }

  /**
   * Merges two lists: events whose own time has passed, by that time, and events from the future,
   * by the time at which they count. An event from the future that an earlier version stored,
   * without the latter time, is left out until its own time has come.
   */
  private List<ShopEvent> newest(Filter filter, int limit) {
    Timestamp now = now();
    List<ShopEvent> events =
        new ArrayList<>(
            ordered(by(filter, DatetimeRange.newBuilder().setLte(now)), Field.TIMESTAMP, limit));
    events.addAll(
        ordered(by(filter, DatetimeRange.newBuilder().setGt(now)), Field.COUNTED_AT, limit));
    return events.stream().sorted(NEWEST_FIRST).limit(limit).toList();
  }

  private static Filter by(Filter filter, DatetimeRange.Builder times) {
    return filter.toBuilder()
        .addMust(ConditionFactory.datetimeRange(Field.TIMESTAMP, times.build()))
        .addMust(UserPoints.HAS_USER)
        .build();
  }

  private Timestamp now() {
    Instant now = clock.instant();
    return Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
  }

  private List<ShopEvent> ordered(Filter filter, String field, int limit) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().events())
            .setFilter(filter)
            .setOrderBy(OrderBy.newBuilder().setKey(field).setDirection(Direction.Desc))
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.enable(true))
            .setWithVectors(WithVectorsSelectorFactory.enable(false))
            .build();
    return store.ask(client -> client.scrollAsync(request)).getResultList().stream()
        .map(point -> EventPayload.event(point.getPayloadMap()))
        .toList();
  }
}
