package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.event.EventType;
import io.vectorstream.event.ShopEvent;
import java.util.List;
import java.util.Map;

/**
 * An event out of its payload; {@link EventUpsert} writes it. That of a forgotten user has nothing
 * but what sums are made of.
 */
public final class EventPoints {

  static final String USER_ID = "user_id";

  /**
   * The fields that tell of a user. Sums of products and minutes are made of the others alone; the
   * event's own id leads from its point to what other programs know of it.
   */
  static final List<String> OF_THE_USER =
      List.of(USER_ID, "event_id", "session_id", "payment_method", "view_duration", "search_query");

  /** True for an event whose user is not forgotten. */
  static final Filter WITH_USER =
      Filter.newBuilder().addMustNot(ConditionFactory.isEmpty(USER_ID)).build();

  /** The same, to be one condition among others. */
  public static final Condition HAS_USER = ConditionFactory.filter(WITH_USER);

  private EventPoints() {}

  public static ShopEvent event(Map<String, Value> payload) {
    String timestamp = payload.get("timestamp").getStringValue();
    return new ShopEvent(
        Math.toIntExact(payload.get("partition").getIntegerValue()),
        payload.get("offset").getIntegerValue(),
        Times.micros(payload.get("ingested_at").getStringValue()),
        text(payload.get("event_id")),
        timestamp,
        Times.micros(timestamp),
        text(payload.get(USER_ID)),
        EventType.of(payload.get("event_type").getStringValue()),
        text(payload.get("session_id")),
        payload.containsKey("product") ? Payload.product(payload.get("product")) : null,
        payload.containsKey("quantity") ? payload.get("quantity").getIntegerValue() : null,
        number(payload.get("total_amount")),
        text(payload.get("payment_method")),
        number(payload.get("view_duration")),
        text(payload.get("search_query")));
  }

  private static Double number(Value value) {
    return value == null ? null : Payload.asDouble(value);
  }

  private static String text(Value value) {
    return value == null ? null : value.getStringValue();
  }
}
