package io.vectorstream.store;

import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.event.EventType;
import io.vectorstream.event.ShopEvent;
import java.util.Map;

/** An event out of its payload; {@link EventUpsert} writes it. */
public final class EventPoints {

  private EventPoints() {}

  public static ShopEvent event(Map<String, Value> payload) {
    String timestamp = payload.get("timestamp").getStringValue();
    return new ShopEvent(
        Math.toIntExact(payload.get("partition").getIntegerValue()),
        payload.get("offset").getIntegerValue(),
        Times.micros(payload.get("ingested_at").getStringValue()),
        payload.get("event_id").getStringValue(),
        timestamp,
        Times.micros(timestamp),
        payload.get("user_id").getStringValue(),
        EventType.of(payload.get("event_type").getStringValue()),
        payload.get("session_id").getStringValue(),
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
