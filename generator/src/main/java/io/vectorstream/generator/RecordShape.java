package io.vectorstream.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** The shape in which the records of a load are written. */
public enum RecordShape {
  /** Events of this project's own shape, which need no mapping. */
  PLAIN(""),
  /** Requests of Google Analytics 4's Measurement Protocol, one event each. */
  GA4("ga4"),
  /** Track calls of Segment's Spec. */
  SEGMENT("segment");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, String> GA4_EVENTS =
      Map.of("view", "view_item", "wishlist_add", "add_to_wishlist");

  private static final Map<String, String> SEGMENT_EVENTS =
      Map.of(
          "view", "Product Viewed",
          "add_to_cart", "Product Added",
          "remove_from_cart", "Product Removed",
          "purchase", "Order Completed",
          "wishlist_add", "Product Added to Wishlist",
          "search", "Products Searched");

  private final String mapping;

  RecordShape(String mapping) {
    this.mapping = mapping;
  }

  /** Returns the name of the mapping that reads it; empty if it needs none. */
  public String mapping() {
    return mapping;
  }

  /** Returns a source of the same events in this shape. Malformed records stay as they are. */
  public EventSource of(EventSource source) {
    if (this == PLAIN) {
      return source;
    }
    return new EventSource() {
      @Override
      public GeneratedRecord next(Instant due) {
        GeneratedRecord record = source.next(due);
        return record == null ? null : of(record);
      }

      @Override
      public long ownDue() {
        return source.ownDue();
      }
    };
  }

  /** Returns a record in this shape; a malformed one as it is. */
  public GeneratedRecord of(GeneratedRecord record) {
    if (this == PLAIN || record.kind() == RecordKind.MALFORMED) {
      return record;
    }
    try {
      JsonNode event = JSON.readTree(record.value());
      ObjectNode shaped = this == GA4 ? ga4(event) : segment(event);
      return new GeneratedRecord(
          record.kind(), record.key(), shaped.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode ga4(JsonNode event) {
    String type = event.path("event_type").asText();
    ObjectNode request = JSON.createObjectNode();
    request.set("client_id", event.get("user_id"));
    request.put(
        "timestamp_micros",
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(event.path("timestamp").asText())));
    ObjectNode one = request.putArray("events").addObject();
    one.put("name", GA4_EVENTS.getOrDefault(type, type));
    ObjectNode params = one.putObject("params");
    copy(event, "event_id", params, "event_id");
    copy(event, "session_id", params, "session_id");
    copy(event, "search_query", params, "search_term");
    copy(event, "payment_method", params, "payment_type");
    JsonNode product = event.path("product");
    if (!product.isMissingNode()) {
      ObjectNode item = params.put("currency", "EUR").putArray("items").addObject();
      copy(product, "id", item, "item_id");
      copy(product, "name", item, "item_name");
      copy(product, "category", item, "item_category");
      copy(product, "price", item, "price");
      copy(event, "quantity", item, "quantity");
    }
    return request;
  }

  private static ObjectNode segment(JsonNode event) {
    ObjectNode call = JSON.createObjectNode().put("type", "track");
    copy(event, "event_id", call, "messageId");
    copy(event, "timestamp", call, "timestamp");
    copy(event, "user_id", call, "userId");
    call.put("event", SEGMENT_EVENTS.get(event.path("event_type").asText()));
    copy(event, "session_id", call.putObject("context"), "sessionId");
    ObjectNode properties = call.putObject("properties");
    copy(event, "search_query", properties, "query");
    copy(event, "payment_method", properties, "payment_method");
    JsonNode product = event.path("product");
    copy(product, "id", properties, "product_id");
    copy(product, "name", properties, "name");
    copy(product, "category", properties, "category");
    copy(product, "price", properties, "price");
    copy(event, "quantity", properties, "quantity");
    return call;
  }

  private static void copy(JsonNode from, String name, ObjectNode to, String as) {
    JsonNode value = from.get(name);
    if (value != null) {
      to.set(as, value);
    }
  }
}
