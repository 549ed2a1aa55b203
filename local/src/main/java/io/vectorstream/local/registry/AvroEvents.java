package io.vectorstream.local.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Events in Avro, as a producer would describe them. */
final class AvroEvents {

  static final String SCHEMA =
      """
      {"type": "record", "name": "Event", "namespace": "shop", "fields": [
        {"name": "event_id", "type": "string"},
        {"name": "timestamp", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "user_id", "type": "string"},
        {"name": "event_type", "type": "string"},
        {"name": "session_id", "type": "string"},
        {"name": "product", "default": null, "type": ["null", {"type": "record", "name": "Product", "fields": [
          {"name": "id", "type": "string"},
          {"name": "name", "type": "string"},
          {"name": "description", "type": ["null", "string"], "default": null},
          {"name": "category", "type": ["null", "string"], "default": null},
          {"name": "price", "type": "double"}]}]},
        {"name": "quantity", "type": ["null", "long"], "default": null},
        {"name": "total_amount", "type": ["null", "double"], "default": null},
        {"name": "payment_method", "type": ["null", "string"], "default": null},
        {"name": "view_duration", "type": ["null", "double"], "default": null},
        {"name": "search_query", "type": ["null", "string"], "default": null}]}
      """;

  private static final Schema PARSED = new Schema.Parser().parse(SCHEMA);

  private AvroEvents() {}

  /** Returns an event's bytes; fails for an event that the schema does not allow. */
  static byte[] encoded(JsonNode event) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericData.Record>(PARSED).write(record(event, PARSED), encoder);
    return bytes.toByteArray();
  }

  private static GenericData.Record record(JsonNode object, Schema schema) {
    GenericData.Record record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.pos(), value(object.get(field.name()), field.schema()));
    }
    return record;
  }

  private static Object value(JsonNode value, Schema schema) {
    if (value == null || value.isNull()) {
      return null;
    }
    return switch (schema.getType()) {
      case UNION -> value(value, schema.getTypes().get(1));
      case RECORD -> record(value, schema);
      case DOUBLE -> EventEncoder.require(value.isNumber(), value).doubleValue();
      case LONG ->
          value.isTextual()
              ? micros(value.textValue())
              : EventEncoder.require(value.isIntegralNumber(), value).longValue();
      default -> EventEncoder.require(value.isTextual(), value).textValue();
    };
  }

  private static long micros(String timestamp) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, OffsetDateTime.parse(timestamp).toInstant());
  }
}
