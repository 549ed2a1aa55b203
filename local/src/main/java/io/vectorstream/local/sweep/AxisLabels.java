package io.vectorstream.local.sweep;

import java.time.Duration;
import java.util.Locale;

/** The formatting of axis values for readers, the same in every locale. */
final class AxisLabels {
  private AxisLabels() {}

  static String count(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f/s", rate);
  }

  /** Returns {@code 10 s}, {@code 0.5 s}. */
  static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }

  static String millis(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}
