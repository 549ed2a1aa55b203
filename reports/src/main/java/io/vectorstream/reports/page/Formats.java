package io.vectorstream.reports.page;

import io.vectorstream.reports.compare.Unit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The formatting of numbers for readers. */
final class Formats {
  static final String NOT_RECORDED = "not recorded";

  private static final MathContext DIGITS = new MathContext(3);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private Formats() {}

  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String count(Long value) {
    return value == null ? "–" : count(value.doubleValue());
  }

  /** Returns three digits, or all before the point. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "–";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS);
    return Math.abs(rounded.doubleValue()) >= 1000
        ? count(value)
        : rounded.stripTrailingZeros().toPlainString();
  }

  /** Returns all digits, for example of a percentile. */
  static String exact(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  static String number(Double value) {
    return value == null ? "–" : number(value.doubleValue());
  }

  /** Returns three decimal places. */
  static String fraction(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Returns milliseconds as {@code 850 ms}, {@code 11.8 s} or {@code 2.5 min}. */
  static String time(double ms) {
    if (ms < 1000) {
      return number(ms) + " ms";
    }
    return ms < 120_000
        ? String.format(Locale.ROOT, "%.1f s", ms / 1000)
        : String.format(Locale.ROOT, "%.1f min", ms / 60_000);
  }

  static String rate(double eventsPerSecond) {
    return number(eventsPerSecond) + " events/s";
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Returns a change with its sign. */
  static String change(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%+.1f %%", 100 * share) : "–";
  }

  static String ratio(double ratio) {
    return "× " + number(ratio);
  }

  static String value(double value, Unit unit) {
    return switch (unit) {
      case EVENTS_PER_SECOND -> rate(value);
      case MILLISECONDS -> time(value);
      case MEGABYTES -> count(value) + " MB";
      case COUNT -> count(value);
      case OTHER -> number(value);
    };
  }

  static String minute(Instant time) {
    return MINUTE.format(time);
  }

  static String plural(long count, String one, String many) {
    return count(count) + " " + (count == 1 ? one : many);
  }
}
