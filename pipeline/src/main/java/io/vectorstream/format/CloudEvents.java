package io.vectorstream.format;

import static io.vectorstream.format.Broken.broken;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.EventField;
import io.vectorstream.event.Reason;
import io.vectorstream.process.Printable;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * CloudEvents in Kafka's protocol binding: structured ones, which are JSON, and binary ones, whose
 * attributes are headers. The event is their data; their attributes stand in for what it lacks, and
 * are in a field of their own, too.
 */
final class CloudEvents {

  /** The field with all attributes. */
  private static final String ATTRIBUTES = "cloudevent";

  private static final String SPEC_VERSION = "specversion";
  private static final byte[] QUOTED_SPEC_VERSION = "\"specversion\"".getBytes(UTF_8);
  private static final String BINARY = "ce_specversion";
  private static final String STRUCTURED = "application/cloudevents";

  /** The most characters of a content type that a message quotes. */
  private static final int LONGEST_NAME = 80;

  /** Numbers stay as they are written. */
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(io.vectorstream.event.JsonFormat.limits())
                  .build())
          .addModule(JsonFormat.getCloudEventJacksonModule())
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** What makes JSON of the bytes that a CloudEvent has as its data. */
  interface DataDecoder {
    byte[] json(byte[] data) throws BrokenRecordException;
  }

  private final DataDecoder decoder;

  CloudEvents(DataDecoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Returns the event of a CloudEvent, as JSON; null if the record is no CloudEvent.
   *
   * @throws BrokenRecordException if it says that it is one, and is not
   */
  byte[] event(byte[] value, Headers headers) throws BrokenRecordException {
    String type = contentType(headers);
    if (type.startsWith(STRUCTURED)) {
      return event(structured(value, type));
    }
    if (headers.lastHeader(BINARY) != null) {
      return event(binary(value, headers));
    }
    JsonNode json = mayBeStructured(value) ? parsed(value) : null;
    return json != null && json.path(SPEC_VERSION).isTextual() ? event(structured(json)) : null;
  }

  private static String contentType(Headers headers) {
    Header type = headers.lastHeader("content-type");
    return type == null || type.value() == null
        ? ""
        : new String(type.value(), UTF_8).strip().toLowerCase(Locale.ROOT);
  }

  private static CloudEvent structured(byte[] value, String contentType)
      throws BrokenRecordException {
    String format = contentType.substring(STRUCTURED.length()).split(";", 2)[0].strip();
    if (!format.isEmpty() && !format.equals("+json")) {
      throw new BrokenRecordException(
          Reason.OTHER_FORMAT,
          "the value is a CloudEvent as %s, expected application/cloudevents+json"
              .formatted(Printable.text(STRUCTURED + format, LONGEST_NAME)));
    }
    JsonNode json = parsed(value);
    if (json == null) {
      throw broken("the value is a CloudEvent by its content-type, but it is not JSON");
    }
    return structured(json);
  }

  private static CloudEvent structured(JsonNode json) throws BrokenRecordException {
    try {
      return JSON.treeToValue(json, CloudEvent.class);
    } catch (JsonProcessingException e) {
      throw wrong(e.getOriginalMessage());
    } catch (CloudEventRWException | IllegalStateException e) {
      throw wrong(e.getMessage());
    }
  }

  private static CloudEvent binary(byte[] value, Headers headers) throws BrokenRecordException {
    try {
      return KafkaMessageFactory.createReader(headers, value).toEvent();
    } catch (CloudEventRWException | IllegalStateException e) {
      throw wrong(e.getMessage());
    }
  }

  private static BrokenRecordException wrong(String why) {
    return broken("the value is not a CloudEvent, as it says: " + why);
  }

  private static boolean mayBeStructured(byte[] value) {
    int last = value.length - QUOTED_SPEC_VERSION.length;
    for (int i = 0; i <= last; i++) {
      if (value[i] == '"' && isAt(value, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] value, int at) {
    for (int i = 1; i < QUOTED_SPEC_VERSION.length; i++) {
      if (value[at + i] != QUOTED_SPEC_VERSION[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the JSON; null if it is none. */
  private static JsonNode parsed(byte[] value) throws BrokenRecordException {
    try {
      return JSON.readTree(value);
    } catch (StreamConstraintsException e) {
      throw broken(
          "the value exceeds the limits of what is read as JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return null;
    }
  }

  private byte[] event(CloudEvent event) throws BrokenRecordException {
    ObjectNode data = data(event);
    if (!data.has(ATTRIBUTES)) {
      data.set(ATTRIBUTES, attributes(event));
    }
    // Only both together are unique, as the specification says; a source has no blanks.
    putIfAbsent(data, EventField.EVENT_ID, event.getSource() + " " + event.getId());
    putIfAbsent(data, EventField.TIMESTAMP, event.getTime() == null ? null : text(event.getTime()));
    putIfAbsent(data, EventField.EVENT_TYPE, event.getType());
    try {
      return JSON.writeValueAsBytes(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON that was read cannot be written", e);
    }
  }

  private static void putIfAbsent(ObjectNode data, EventField field, String value) {
    if (value != null && !data.hasNonNull(field.json())) {
      data.put(field.json(), value);
    }
  }

  private ObjectNode data(CloudEvent event) throws BrokenRecordException {
    CloudEventData data = event.getData();
    if (data == null) {
      throw broken("the CloudEvent has no data, which is expected to be the event");
    }
    JsonNode json = data instanceof JsonCloudEventData node ? node.getNode() : null;
    if (json == null || json.isTextual()) {
      json = parsed(decoder.json(json == null ? data.toBytes() : json.textValue().getBytes(UTF_8)));
    }
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw broken(
        "the data of the CloudEvent is not a JSON object, which is expected to be the event");
  }

  private static ObjectNode attributes(CloudEvent event) {
    ObjectNode attributes = JSON.createObjectNode();
    for (String name : new TreeSet<>(event.getAttributeNames())) {
      put(attributes, name, event.getAttribute(name));
    }
    for (String name : new TreeSet<>(event.getExtensionNames())) {
      put(attributes, name, event.getExtension(name));
    }
    return attributes;
  }

  private static void put(ObjectNode attributes, String name, Object value) {
    if (value instanceof Boolean flag) {
      attributes.put(name, flag);
    } else if (value instanceof Number number) {
      attributes.put(name, number.longValue());
    } else if (value instanceof byte[] bytes) {
      attributes.put(name, Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof OffsetDateTime time) {
      attributes.put(name, text(time));
    } else if (value != null) {
      attributes.put(name, String.valueOf(value));
    }
  }

  private static String text(OffsetDateTime time) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
  }
}
