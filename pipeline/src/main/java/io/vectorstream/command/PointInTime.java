package io.vectorstream.command;

import io.airlift.units.Duration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a moment, ISO-8601 with an offset, or how far it lies back from now: {@code 2h}. */
final class PointInTime implements ITypeConverter<Instant> {

  @Override
  public Instant convert(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeException e) {
      // Perhaps a duration.
    }
    try {
      return Instant.now().minus(Duration.valueOf(text.strip()).toJavaTime());
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new TypeConversionException(
          "'%s' is no time; expected ISO-8601 with an offset such as 2026-01-31T10:00:00Z, or how far back such as 30m, 2h, 7d"
              .formatted(text));
    }
  }
}
