package io.vectorstream.event;

import io.airlift.units.Duration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A point in time as users write it: ISO-8601 with an offset, or how long ago: {@code 2h}. */
public final class PointInTime {
  private PointInTime() {}

  /**
   * Parses a point in time.
   *
   * @throws IllegalArgumentException if the text has neither form; the message says what was
   *     expected
   */
  public static Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeException e) {
      // The text may be a duration.
    }
    try {
      return Instant.now().minus(Duration.valueOf(text.strip()).toJavaTime());
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'%s' is no time; expected ISO-8601 with an offset such as 2026-01-31T10:00:00Z, or how far back such as 30m, 2h, 7d"
              .formatted(text),
          e);
    }
  }
}
