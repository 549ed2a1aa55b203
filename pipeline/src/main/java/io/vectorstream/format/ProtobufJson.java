package io.vectorstream.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The JSON of Protobuf messages: Protobuf's own mapping to JSON, except that fields have the names
 * of the file, and whole numbers of 64 bits are numbers.
 *
 * <p>A field that may be absent is written if it is there, and if the file gives it a default. One
 * that cannot be absent (in proto3, without {@code optional}) is left out where it is 0 or empty: a
 * writer that has no value for it writes the same. An enum is always written, as its 0 has a name.
 */
final class ProtobufJson {

  private static final String GOOGLE = "google.protobuf.";

  /** Messages around a single value that may be absent. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "DoubleValue",
          "FloatValue",
          "Int64Value",
          "UInt64Value",
          "Int32Value",
          "UInt32Value",
          "BoolValue",
          "StringValue",
          "BytesValue");

  private ProtobufJson() {}

  static void write(Message message, JsonGenerator json) throws IOException {
    String name = message.getDescriptorForType().getFullName();
    String known = name.startsWith(GOOGLE) ? name.substring(GOOGLE.length()) : "";
    switch (known) {
      case "Timestamp" -> timestamp(message, json);
      case "Duration" -> duration(message, json);
      case "Struct" -> value(message, field(message, "fields"), json);
      case "ListValue" -> value(message, field(message, "values"), json);
      case "Value" -> anyValue(message, json);
      default -> {
        if (WRAPPERS.contains(known)) {
          value(message, field(message, "value"), json);
        } else {
          fields(message, json);
        }
      }
    }
  }

  private static void fields(Message message, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (isWritten(message, field)) {
        json.writeFieldName(field.getName());
        value(message, field, json);
      }
    }
    json.writeEndObject();
  }

  private static boolean isWritten(Message message, FieldDescriptor field) {
    if (field.isRepeated()) {
      return message.getRepeatedFieldCount(field) > 0;
    }
    return message.hasField(field)
        || field.hasDefaultValue()
        || !field.hasPresence() && field.getJavaType() == FieldDescriptor.JavaType.ENUM;
  }

  private static FieldDescriptor field(Message message, String name) {
    return message.getDescriptorForType().findFieldByName(name);
  }

  private static void value(Message message, FieldDescriptor field, JsonGenerator json)
      throws IOException {
    Object value = message.getField(field);
    if (field.isMapField()) {
      map((List<?>) value, field, json);
    } else if (field.isRepeated()) {
      json.writeStartArray();
      for (Object each : (List<?>) value) {
        single(each, field, json);
      }
      json.writeEndArray();
    } else {
      single(value, field, json);
    }
  }

  private static void map(List<?> entries, FieldDescriptor field, JsonGenerator json)
      throws IOException {
    FieldDescriptor key = field.getMessageType().findFieldByName("key");
    FieldDescriptor content = field.getMessageType().findFieldByName("value");
    json.writeStartObject();
    for (Object entry : entries) {
      json.writeFieldName(number(((Message) entry).getField(key), key).toString());
      single(((Message) entry).getField(content), content, json);
    }
    json.writeEndObject();
  }

  private static void single(Object value, FieldDescriptor field, JsonGenerator json)
      throws IOException {
    switch (field.getJavaType()) {
      case STRING -> json.writeString((String) value);
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case DOUBLE -> json.writeNumber((Double) value);
      case FLOAT -> json.writeNumber((Float) value);
      case INT, LONG -> json.writeNumber(number(value, field).toString());
      case ENUM -> constant((EnumValueDescriptor) value, json);
      case BYTE_STRING -> json.writeBinary(((ByteString) value).toByteArray());
      case MESSAGE -> write((Message) value, json);
    }
  }

  /** Returns a number without its sign if its type has none. */
  private static Object number(Object value, FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
      case UINT64, FIXED64 -> new BigInteger(Long.toUnsignedString((Long) value));
      default -> value;
    };
  }

  /** Writes the name of a constant; the number of one that the file does not name. */
  private static void constant(EnumValueDescriptor value, JsonGenerator json) throws IOException {
    if (value.getType().getFullName().equals(GOOGLE + "NullValue")) {
      json.writeNull();
    } else if (value.getIndex() < 0) {
      json.writeNumber(value.getNumber());
    } else {
      json.writeString(value.getName());
    }
  }

  private static void timestamp(Message message, JsonGenerator json) throws IOException {
    long seconds = (Long) message.getField(field(message, "seconds"));
    int nanos = (Integer) message.getField(field(message, "nanos"));
    try {
      json.writeString(Instant.ofEpochSecond(seconds, nanos).toString());
    } catch (DateTimeException | ArithmeticException e) {
      json.writeString(seconds + " s");
    }
  }

  private static void duration(Message message, JsonGenerator json) throws IOException {
    long seconds = (Long) message.getField(field(message, "seconds"));
    int nanos = (Integer) message.getField(field(message, "nanos"));
    json.writeString(
        new BigDecimal(BigInteger.valueOf(nanos), 9)
                .add(BigDecimal.valueOf(seconds))
                .stripTrailingZeros()
                .toPlainString()
            + "s");
  }

  /** Writes a {@code Value}: whichever of its fields is there. */
  private static void anyValue(Message message, JsonGenerator json) throws IOException {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (message.hasField(field)) {
        value(message, field, json);
        return;
      }
    }
    json.writeNull();
  }
}
