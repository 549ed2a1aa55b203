package io.vectorstream.local.workload;

import io.vectorstream.config.SettingValues;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Function;

/**
 * The parsing of values from text; an invalid text causes an {@code IllegalArgumentException} that
 * says what was expected.
 */
final class Values {
  private Values() {}

  static Function<String, String> text() {
    return text -> {
      if (text.isBlank()) {
        throw new IllegalArgumentException("is empty; expected some words");
      }
      return text.strip();
    };
  }

  static Function<String, Duration> duration() {
    return text -> {
      Duration duration = SettingValues.parse(text, Duration.class);
      if (duration.toMillis() < 1) {
        throw new IllegalArgumentException("'" + text + "' must be 1ms or longer");
      }
      return duration;
    };
  }

  static Function<String, Integer> wholeNumber(int least, int most) {
    return text -> {
      int value = SettingValues.parse(text, int.class);
      if (value < least || value > most) {
        throw outside(text, BigDecimal.valueOf(least), BigDecimal.valueOf(most), Integer.MAX_VALUE);
      }
      return value;
    };
  }

  static Function<String, Long> seed() {
    return text -> SettingValues.parse(text, long.class);
  }

  static Function<String, Double> number(double least, double most) {
    return text -> {
      double value = SettingValues.parse(text, double.class);
      if (!(value >= least && value <= most)) {
        throw outside(text, plain(least), plain(most), Double.MAX_VALUE);
      }
      return value;
    };
  }

  private static BigDecimal plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros();
  }

  private static IllegalArgumentException outside(
      String text, BigDecimal least, BigDecimal most, double unlimited) {
    String expected;
    if (most.doubleValue() < unlimited) {
      expected = "from " + least.toPlainString() + " to " + most.toPlainString();
    } else {
      expected =
          least.doubleValue() == Double.MIN_VALUE ? "above 0" : least.toPlainString() + " or more";
    }
    return new IllegalArgumentException("'" + text + "' must be " + expected);
  }
}
