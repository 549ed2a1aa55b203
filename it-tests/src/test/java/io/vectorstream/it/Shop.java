package io.vectorstream.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A builder of events as a shop sends them (contract C1). */
public final class Shop {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final AtomicLong LATEST_MICROS = new AtomicLong();

  private Shop() {}

  public static ObjectNode product(
      String id, String name, String description, String category, double price) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("name", name)
        .put("description", description)
        .put("category", category)
        .put("price", price);
  }

  /**
   * Returns an event of now, with an id of its own. No two have the same microsecond, the precision
   * of stored times, so their order is always known.
   */
  public static ObjectNode event(String type, String user, ObjectNode product) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    long micros = LATEST_MICROS.updateAndGet(latest -> Math.max(latest + 1, now));
    return event(type, user, product, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  /**
   * An event with an id of its own and none of the optional fields.
   *
   * @param product null for an event without one
   */
  public static ObjectNode event(String type, String user, ObjectNode product, Instant time) {
    ObjectNode event =
        JSON.createObjectNode()
            .put("event_id", UUID.randomUUID().toString())
            .put("timestamp", time.toString())
            .put("user_id", user)
            .put("event_type", type)
            .put("session_id", "session-of-" + user);
    if (product != null) {
      event.set("product", product.deepCopy());
    }
    return event;
  }

  public static byte[] bytes(JsonNode event) {
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ObjectNode parse(byte[] event) {
    try {
      return (ObjectNode) JSON.readTree(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a JSON array of texts. */
  public static List<String> texts(String json) {
    try {
      return List.of(JSON.readValue(json, String[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
