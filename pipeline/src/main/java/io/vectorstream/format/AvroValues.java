package io.vectorstream.format;

import static io.vectorstream.format.Broken.broken;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vectorstream.event.BrokenRecordException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The JSON of Avro's numbers and bytes by their logical types: times are ISO-8601, decimals are
 * numbers, UUIDs are texts. Other numbers are as they are, and other bytes in Base64.
 */
final class AvroValues {

  private static final int UUID_BYTES = 16;
  private static final int DURATION_BYTES = 12;

  /**
   * The most bytes of a decimal: those of a number with about as many digits as JSON may have. The
   * time to write one grows with the square of its length.
   */
  private static final int MOST_DECIMAL_BYTES = 420;

  private AvroValues() {}

  static void write(int number, Schema schema, JsonGenerator json) throws IOException {
    String type = name(schema.getLogicalType());
    switch (type) {
      case "date" -> json.writeString(LocalDate.ofEpochDay(number).toString());
      case "time-millis" -> time(number, ChronoUnit.MILLIS, json);
      default -> json.writeNumber(number);
    }
  }

  static void write(long number, Schema schema, JsonGenerator json) throws IOException {
    String type = name(schema.getLogicalType());
    switch (type) {
      case "timestamp-millis" -> timestamp(number, ChronoUnit.MILLIS, json);
      case "timestamp-micros" -> timestamp(number, ChronoUnit.MICROS, json);
      case "timestamp-nanos" -> timestamp(number, ChronoUnit.NANOS, json);
      case "local-timestamp-millis" -> local(number, ChronoUnit.MILLIS, json);
      case "local-timestamp-micros" -> local(number, ChronoUnit.MICROS, json);
      case "local-timestamp-nanos" -> local(number, ChronoUnit.NANOS, json);
      case "time-micros" -> time(number, ChronoUnit.MICROS, json);
      default -> json.writeNumber(number);
    }
  }

  /** Writes what is of type bytes or fixed. */
  static void write(byte[] bytes, Schema schema, JsonGenerator json)
      throws BrokenRecordException, IOException {
    LogicalType type = schema.getLogicalType();
    if (type instanceof LogicalTypes.Decimal decimal && bytes.length > 0) {
      if (bytes.length > MOST_DECIMAL_BYTES) {
        throw broken(
            "the value has a decimal of %d bytes, expected up to %d"
                .formatted(bytes.length, MOST_DECIMAL_BYTES));
      }
      json.writeNumber(new BigDecimal(new BigInteger(bytes), decimal.getScale()));
    } else if (name(type).equals("uuid") && bytes.length == UUID_BYTES) {
      ByteBuffer uuid = ByteBuffer.wrap(bytes);
      json.writeString(new UUID(uuid.getLong(), uuid.getLong()).toString());
    } else if (name(type).equals("duration") && bytes.length == DURATION_BYTES) {
      duration(bytes, json);
    } else {
      json.writeBinary(bytes);
    }
  }

  private static String name(LogicalType type) {
    return type == null ? "" : type.getName();
  }

  private static void timestamp(long number, ChronoUnit unit, JsonGenerator json)
      throws IOException {
    json.writeString(Instant.EPOCH.plus(number, unit).toString());
  }

  /** Writes a time of a place that only the writer knows: without an offset. */
  private static void local(long number, ChronoUnit unit, JsonGenerator json) throws IOException {
    Instant time = Instant.EPOCH.plus(number, unit);
    json.writeString(LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString());
  }

  private static void time(long number, ChronoUnit unit, JsonGenerator json) throws IOException {
    long aDay = ChronoUnit.DAYS.getDuration().dividedBy(unit.getDuration());
    if (number >= 0 && number < aDay) {
      json.writeString(LocalTime.ofNanoOfDay(number * unit.getDuration().toNanos()).toString());
    } else {
      json.writeNumber(number);
    }
  }

  /** Writes months, days and milliseconds as ISO-8601 has them. */
  private static void duration(byte[] bytes, JsonGenerator json) throws IOException {
    ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    json.writeString(
        "P%dM%dDT%sS"
            .formatted(
                Integer.toUnsignedLong(parts.getInt()),
                Integer.toUnsignedLong(parts.getInt()),
                BigDecimal.valueOf(Integer.toUnsignedLong(parts.getInt()), 3).toPlainString()));
  }
}
