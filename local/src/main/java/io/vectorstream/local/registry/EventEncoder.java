package io.vectorstream.local.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.RecordKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/**
 * The encoder of events in this project's shape into another format. What is no event stays as it
 * is, so that records that are broken on purpose are broken in each format.
 */
public final class EventEncoder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JSON_TYPE = "application/json";
  private static final String SUBJECT = "shop-events-value";
  private static final String SCHEMA =
      """
      {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Event", "type": "object",
       "required": ["event_id", "timestamp", "user_id", "event_type", "session_id"]}
      """;

  private interface Encoding {
    byte[] of(JsonNode event, byte[] value) throws IOException;
  }

  private final Encoding encoding;
  private final Function<JsonNode, Map<String, String>> headers;

  private EventEncoder(Encoding encoding) {
    this(encoding, event -> Map.of());
  }

  private EventEncoder(Encoding encoding, Function<JsonNode, Map<String, String>> headers) {
    this.encoding = encoding;
    this.headers = headers;
  }

  /** Returns the encoder; it registers the schema that its format needs. */
  public static EventEncoder of(EventFormat format, RegisteredSchemas schemas) {
    return switch (format) {
      case JSON -> new EventEncoder((event, value) -> value);
      case GZIP -> new EventEncoder((event, value) -> packed(value));
      case AVRO -> {
        int id = schemas.register(SUBJECT, "AVRO", AvroEvents.SCHEMA);
        yield new EventEncoder((event, value) -> framed(id, AvroEvents.encoded(event)));
      }
      case PROTOBUF -> {
        int id = schemas.register(SUBJECT, "PROTOBUF", ProtobufEvents.FILE);
        yield new EventEncoder((event, value) -> framed(id, ProtobufEvents.encoded(event)));
      }
      case JSON_SCHEMA -> {
        int id = schemas.register(SUBJECT, "JSON", SCHEMA);
        yield new EventEncoder((event, value) -> framed(id, value));
      }
      case CLOUDEVENTS -> new EventEncoder((event, value) -> structured(event));
      case CLOUDEVENTS_BINARY ->
          new EventEncoder((event, value) -> value, EventEncoder::cloudEventHeaders);
    };
  }

  /** Returns the record in the format; one that is broken stays as it is. */
  public GeneratedRecord encode(GeneratedRecord record) {
    try {
      JsonNode event = JSON.readTree(record.value());
      return event != null && event.path("event_id").isTextual()
          ? new GeneratedRecord(
              record.kind(),
              record.key(),
              encoding.of(event, record.value()),
              headers.apply(event),
              record.dueAt())
          : record;
    } catch (IOException | RuntimeException e) {
      return record;
    }
  }

  /**
   * Returns the value of the record alone.
   *
   * @param value an event as JSON, or something broken, which stays as it is
   */
  public byte[] encode(byte[] value) {
    return encode(new GeneratedRecord(RecordKind.EVENT, null, value)).value();
  }

  /** Returns the value, for a field whose type it has; fails otherwise. */
  static JsonNode require(boolean isOfType, JsonNode value) {
    if (!isOfType) {
      throw new IllegalArgumentException("of another type than the field's: " + value);
    }
    return value;
  }

  private static byte[] packed(byte[] value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length);
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(value);
    }
    return bytes.toByteArray();
  }

  private static byte[] framed(int id, byte[] value) {
    return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
  }

  private static byte[] structured(JsonNode event) throws IOException {
    ObjectNode envelope = JSON.createObjectNode();
    attributes(event).forEach(envelope::put);
    envelope.put("datacontenttype", JSON_TYPE);
    envelope.set("data", event);
    return JSON.writeValueAsBytes(envelope);
  }

  private static Map<String, String> cloudEventHeaders(JsonNode event) {
    Map<String, String> headers = new LinkedHashMap<>();
    attributes(event).forEach((name, value) -> headers.put("ce_" + name, value));
    headers.put("content-type", JSON_TYPE);
    return headers;
  }

  private static Map<String, String> attributes(JsonNode event) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", event.path("event_id").textValue());
    attributes.put("source", "https://shop.example/events");
    attributes.put("type", "com.example.shop." + event.path("event_type").asText());
    if (event.path("timestamp").isTextual()) {
      attributes.put("time", event.path("timestamp").textValue());
    }
    return attributes;
  }
}
