package io.vectorstream.generator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/** The rules of an event, written down a second time and without the generator's code. */
final class EventFormat {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final Set<String> TYPES =
      Set.of("view", "add_to_cart", "remove_from_cart", "purchase", "wishlist_add", "search");

  private EventFormat() {}

  /** The first rule that the record breaks, or empty. */
  static Optional<String> brokenRule(byte[] value) {
    JsonNode event;
    try {
      event = JSON.readTree(value);
    } catch (IOException e) {
      return Optional.of("not JSON");
    }
    if (!event.isObject()) {
      return Optional.of("not an object");
    }
    for (String field : new String[] {"event_id", "user_id", "session_id"}) {
      if (!filledText(event.path(field))) {
        return Optional.of(field);
      }
    }
    if (!event.path("timestamp").isTextual() || !hasOffset(event.path("timestamp").asText())) {
      return Optional.of("timestamp");
    }
    String type = event.path("event_type").isTextual() ? event.path("event_type").asText() : "";
    if (!TYPES.contains(type)) {
      return Optional.of("event_type");
    }
    JsonNode product = event.path("product");
    if (product.isMissingNode()) {
      boolean mayBeMissing = type.equals("search") && filledText(event.path("search_query"));
      return mayBeMissing ? optionalFields(event) : Optional.of("product");
    }
    if (!product.isObject()) {
      return Optional.of("product type");
    }
    if (!filledText(product.path("id")) || !filledText(product.path("name"))) {
      return Optional.of("product.id or product.name");
    }
    if (!product.path("price").isNumber() || product.path("price").asDouble() < 0) {
      return Optional.of("product.price");
    }
    if (!textIfPresent(product, "description") || !textIfPresent(product, "category")) {
      return Optional.of("product.description or product.category");
    }
    return optionalFields(event);
  }

  private static Optional<String> optionalFields(JsonNode event) {
    for (String field : new String[] {"quantity", "total_amount", "view_duration"}) {
      JsonNode value = event.path(field);
      if (!value.isMissingNode() && !(value.isNumber() && value.asDouble() >= 0)) {
        return Optional.of(field);
      }
    }
    return textIfPresent(event, "payment_method") && textIfPresent(event, "search_query")
        ? Optional.empty()
        : Optional.of("payment_method or search_query");
  }

  private static boolean filledText(JsonNode value) {
    return value.isTextual() && !value.asText().isBlank();
  }

  private static boolean textIfPresent(JsonNode object, String field) {
    return !object.has(field) || object.path(field).isTextual();
  }

  private static boolean hasOffset(String timestamp) {
    try {
      OffsetDateTime.parse(timestamp);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
