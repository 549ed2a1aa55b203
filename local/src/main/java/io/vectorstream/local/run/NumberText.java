package io.vectorstream.local.run;

import java.time.Duration;
import java.util.Locale;

/** The formatting of numbers for readers, the same in every locale. */
public final class NumberText {
  private NumberText() {}

  /** Returns {@code 1,234,567}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Returns {@code +1,234}, {@code -5}, {@code +0}. */
  static String change(long difference) {
    return String.format(Locale.ROOT, "%+,d", difference);
  }

  /** Returns {@code 1,234/s}. */
  public static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f/s", rate);
  }

  /** Returns {@code 1,234 events/s}. */
  static String eventsPerSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f events/s", rate);
  }

  /** Returns {@code 850 ms}, {@code 12.3 s}, and {@code 25.1 min} for ten minutes and more. */
  static String time(long millis) {
    if (millis < 1000) {
      return millis + " ms";
    }
    return millis < 600_000
        ? tenths(millis)
        : String.format(Locale.ROOT, "%,.1f min", millis / 60_000.0);
  }

  /** Returns {@code 12.3 s}, {@code 0.1 s}: always in tenths of a second. */
  public static String tenths(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  /** Returns {@code 10 s}, {@code 0.5 s}: no more digits than it takes. */
  public static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }

  /** Returns {@code 0.12%}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  /** Returns {@code 01:05}, minutes and seconds. */
  public static String clock(Duration elapsed) {
    return String.format(Locale.ROOT, "%02d:%02d", elapsed.toMinutes(), elapsed.toSecondsPart());
  }
}
