package io.vectorstream.local.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vectorstream.local.points.Point;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The fields of an event that a system stores in its point, for a comparison by their hash. */
final class EventFields {

  /** The payload's fields by the event's. */
  private final Map<String, String> fields;

  /**
   * @param fields the payload's fields by the event's; both with dots between their groups
   */
  EventFields(Map<String, String> fields) {
    this.fields = new TreeMap<>(fields);
  }

  boolean isEmpty() {
    return fields.isEmpty();
  }

  Iterable<String> ofPayload() {
    return fields.values();
  }

  long hash(JsonNode event) {
    Hasher hasher = Hashing.farmHashFingerprint64().newHasher();
    fields.keySet().forEach(field -> put(hasher, text(event, field)));
    return hasher.hash().asLong();
  }

  long hash(Point point) {
    Hasher hasher = Hashing.farmHashFingerprint64().newHasher();
    fields.values().forEach(field -> put(hasher, point.text(field)));
    return hasher.hash().asLong();
  }

  /** Returns a field as {@link Point#text} does. */
  static Optional<String> text(JsonNode event, String field) {
    JsonNode value = event;
    for (String name : field.split("\\.")) {
      value = value.path(name);
    }
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(value.isNumber() ? Double.toString(value.doubleValue()) : value.asText());
  }

  private static void put(Hasher hasher, Optional<String> text) {
    hasher.putBoolean(text.isPresent());
    text.ifPresent(value -> hasher.putString(value, StandardCharsets.UTF_8).putByte((byte) 0));
  }
}
