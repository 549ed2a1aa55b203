package io.vectorstream.local.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/**
 * The encoder of events in this project's shape into another format. What is no event stays as it
 * is, so that records that are broken on purpose are broken in each format.
 */
public final class EventEncoder {

  private static final ObjectMapper JSON = new ObjectMapper();
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

  private EventEncoder(Encoding encoding) {
    this.encoding = encoding;
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
      case CLOUDEVENTS -> new EventEncoder((event, value) -> cloudEvent(event));
    };
  }

  /**
   * Returns the value of the record.
   *
   * @param value an event as JSON, or something broken, which stays as it is
   */
  public byte[] encode(byte[] value) {
    try {
      JsonNode event = JSON.readTree(value);
      return event != null && event.path("event_id").isTextual()
          ? encoding.of(event, value)
          : value;
    } catch (IOException | RuntimeException e) {
      return value;
    }
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

  private static byte[] cloudEvent(JsonNode event) {
    ObjectNode data = event.deepCopy();
    ObjectNode envelope = JSON.createObjectNode();
    envelope.put("specversion", "1.0");
    envelope.put("id", event.path("event_id").textValue());
    envelope.put("source", "https://shop.example/events");
    envelope.put("type", "com.example.shop." + event.path("event_type").asText());
    envelope.set("time", data.get("timestamp"));
    envelope.put("datacontenttype", "application/json");
    envelope.set("data", data);
    try {
      return JSON.writeValueAsString(envelope).getBytes(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
