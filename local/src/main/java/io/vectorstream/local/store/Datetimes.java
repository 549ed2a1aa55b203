package io.vectorstream.local.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/**
 * The parsing of dates and times in the forms that Qdrant knows: RFC 3339, and those without an
 * offset.
 */
final class Datetimes {

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .toFormatter();

  private Datetimes() {}

  /** Returns microseconds since 1970, by which points are ordered. */
  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** Returns the time to the microsecond, or null for a text that is none; no offset means UTC. */
  static Instant parse(String text) {
    String normal =
        text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
    try {
      TemporalAccessor parsed =
          FORMAT.parseBest(normal, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      Instant time;
      if (parsed instanceof OffsetDateTime withOffset) {
        time = withOffset.toInstant();
      } else if (parsed instanceof LocalDateTime local) {
        time = local.toInstant(ZoneOffset.UTC);
      } else {
        time = ((LocalDate) parsed).atStartOfDay().toInstant(ZoneOffset.UTC);
      }
      return time.truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
