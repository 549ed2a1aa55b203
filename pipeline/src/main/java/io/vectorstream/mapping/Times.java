package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.LenientValues;
import io.vectorstream.event.Reason;
import io.vectorstream.mapping.MappingFile.DurationUnits;
import io.vectorstream.mapping.MappingFile.TimeRules;
import io.vectorstream.mapping.MappingFile.TimeUnits;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * The reading of times and durations in a record.
 *
 * @param zone of times without an offset; null if they cannot be read
 */
record Times(TimeUnits unit, ZoneId zone, DurationUnits durations) implements Serializable {

  /** The limits of the units in {@link TimeUnits#AUTO}: seconds up to the year 5138, and so on. */
  private static final BigDecimal MOST_SECONDS = new BigDecimal("1e11");

  private static final BigDecimal MOST_MILLIS = new BigDecimal("1e14");
  private static final BigDecimal MOST_MICROS = new BigDecimal("1e17");

  /**
   * @param rules null for none
   */
  static Times of(TimeRules rules) {
    TimeUnits unit = rules == null || rules.unit() == null ? TimeUnits.AUTO : rules.unit();
    ZoneId zone = rules == null || rules.zone() == null ? null : ZoneId.of(rules.zone());
    DurationUnits durations =
        rules == null || rules.durations() == null ? DurationUnits.SECONDS : rules.durations();
    return new Times(unit, zone, durations);
  }

  /**
   * Returns a time in ISO-8601 with an offset.
   *
   * @throws BrokenRecordException if the value is no time
   */
  String time(Expression.Found found) throws BrokenRecordException {
    JsonNode value = found.value();
    BigDecimal number = Coercion.numberOrNull(value);
    String time =
        number == null
            ? value.isTextual() ? LenientValues.time(value.textValue(), zone) : null
            : LenientValues.isUsual(number) ? LenientValues.time(nanos(number)) : null;
    if (time == null) {
      boolean lacksOffset =
          zone == null
              && value.isTextual()
              && LenientValues.time(value.textValue(), ZoneOffset.UTC) != null;
      throw new BrokenRecordException(
          Reason.INVALID_TIMESTAMP,
          "timestamp (%s) is '%s', %s, or a number of %s since 1970"
              .formatted(
                  found.source(),
                  BrokenRecordException.quote(value.isContainerNode() ? "…" : value.asText()),
                  lacksOffset
                      ? "expected a day, a time and an offset (times.zone is not set)"
                      : "which is in none of the forms that are read; expected one such as 2026-11-30T10:00:00+01:00, or 2026-11-30 10:00 with times.zone",
                  unit == TimeUnits.AUTO
                      ? "seconds, milliseconds, …"
                      : unit.name().toLowerCase(Locale.ROOT)));
    }
    return time;
  }

  private BigDecimal nanos(BigDecimal number) {
    return number.movePointRight(
        switch (unit == TimeUnits.AUTO ? byMagnitude(number.abs()) : unit) {
          case SECONDS, AUTO -> 9;
          case MILLIS -> 6;
          case MICROS -> 3;
          case NANOS -> 0;
        });
  }

  private static TimeUnits byMagnitude(BigDecimal number) {
    if (number.compareTo(MOST_SECONDS) < 0) {
      return TimeUnits.SECONDS;
    }
    if (number.compareTo(MOST_MILLIS) < 0) {
      return TimeUnits.MILLIS;
    }
    return number.compareTo(MOST_MICROS) < 0 ? TimeUnits.MICROS : TimeUnits.NANOS;
  }

  /** Returns a duration in seconds. */
  BigDecimal seconds(BigDecimal duration) {
    return durations == DurationUnits.MILLIS && LenientValues.isUsual(duration)
        ? duration.movePointLeft(3)
        : duration;
  }
}
