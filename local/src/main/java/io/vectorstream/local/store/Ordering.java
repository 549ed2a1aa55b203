package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.OrderValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** Points by a payload field instead of their ids. The field needs an index that knows an order. */
final class Ordering {

  private static final Set<String> OPTIONS = Set.of("key", "direction");

  /** A point and the value that it is ordered by. */
  record Ordered(StoredPoint point, OrderValue value) {}

  private final StoredCollection collection;
  private final IndexedField field;
  private final boolean descending;

  private Ordering(StoredCollection collection, IndexedField field, boolean descending) {
    this.collection = collection;
    this.field = field;
    this.descending = descending;
  }

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the field has no such index
   */
  static Ordering of(StoredCollection collection, OrderBy orderBy) {
    Refusal.checkOptions("an order", orderBy, OPTIONS);
    IndexedField field = collection.indexes().get(orderBy.getKey());
    if (field == null || !field.hasOrder()) {
      JsonPath.parse(orderBy.getKey());
      throw Refusal.wrongInput(
          "No range index for `order_by` key: `"
              + orderBy.getKey()
              + "`. Please create one to use `order_by`.");
    }
    return new Ordering(collection, field, orderBy.getDirection() == Direction.Desc);
  }

  /** Returns the first {@code limit} points of a selection; those without a value are left out. */
  List<Ordered> first(Selection selection, long limit) {
    return isNewest(selection, limit) ? newest(limit) : lookThrough(selection, limit);
  }

  private boolean isNewest(Selection selection, long limit) {
    return descending
        && selection.everything()
        && limit <= NewestPoints.MOST
        && field.info().getDataType() == PayloadSchemaType.Datetime;
  }

  private List<Ordered> newest(long limit) {
    List<NewestPoints.Timed> newest = collection.newest(field, limit);
    List<StoredPoint> points =
        collection.get(newest.stream().map(NewestPoints.Timed::point).toList());
    List<Ordered> hits = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i) != null) {
        OrderValue time = OrderValue.newBuilder().setInt(newest.get(i).micros()).build();
        hits.add(new Ordered(points.get(i), time));
      }
    }
    return hits;
  }

  private List<Ordered> lookThrough(Selection selection, long limit) {
    Comparator<Ordered> order =
        Comparator.<Ordered>comparingDouble(hit -> number(hit.value()))
            .thenComparing(hit -> hit.point().key());
    Comparator<Ordered> wanted = descending ? order.reversed() : order;
    PriorityQueue<Ordered> best = new PriorityQueue<>(wanted.reversed());
    selection.forEach(
        null,
        point -> {
          for (Value value : field.path().values(point.fields())) {
            for (Value one :
                value.hasListValue() ? value.getListValue().getValuesList() : List.of(value)) {
              OrderValue orderValue = orderValue(one);
              if (orderValue != null) {
                best.add(new Ordered(point, orderValue));
                if (best.size() > limit) {
                  best.poll();
                }
              }
            }
          }
          return true;
        });
    return best.stream().sorted(wanted).toList();
  }

  private OrderValue orderValue(Value value) {
    return switch (field.info().getDataType()) {
      case Integer ->
          value.hasIntegerValue()
              ? OrderValue.newBuilder().setInt(value.getIntegerValue()).build()
              : null;
      case Float -> {
        if (value.hasDoubleValue()) {
          yield OrderValue.newBuilder().setFloat(value.getDoubleValue()).build();
        }
        yield value.hasIntegerValue()
            ? OrderValue.newBuilder().setFloat(value.getIntegerValue()).build()
            : null;
      }
      default -> {
        Instant time = value.hasStringValue() ? Datetimes.parse(value.getStringValue()) : null;
        yield time == null ? null : OrderValue.newBuilder().setInt(Datetimes.micros(time)).build();
      }
    };
  }

  private static double number(OrderValue value) {
    return value.hasInt() ? value.getInt() : value.getFloat();
  }
}
