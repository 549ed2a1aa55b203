package io.vectorstream.local.command;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A converter of durations as in the settings: {@code 250ms}, {@code 60s}, {@code 5m}. */
final class Durations implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    try {
      Duration duration = io.airlift.units.Duration.valueOf(text.strip()).toJavaTime();
      if (duration.toMillis() >= 1) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // The exception below says so.
    }
    throw new TypeConversionException(
        "'" + text + "' is not a duration; expected a number and a unit such as 250ms, 60s, 5m");
  }

  /** Returns {@code 60s}, or {@code 2500ms} for a fraction of a second. */
  static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
