package io.vectorstream.event;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spellings of numbers and times that the contract C1 does not allow, but that shops use. A mapping
 * reads them; without one they are dead letters that say so.
 */
public final class LenientValues {

  private static final Pattern NUMBER =
      Pattern.compile("\\s*([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?)\\s*");

  /**
   * A day, a "T" or blanks, a time with or without seconds and their fraction, after a dot or a
   * comma, and an offset: "Z", "UTC", "GMT", or hours with or without minutes and a colon.
   */
  private static final Pattern TIME =
      Pattern.compile(
          "\\s*(\\d{4}-\\d{2}-\\d{2})(?:[Tt]|\\s+)(\\d{2}:\\d{2})(?:(:\\d{2})(?:[.,](\\d{1,9}))?)?"
              + "\\s*+(?:(Z|z|UTC|GMT)|([+-])(\\d{2})(?::?(\\d{2}))?)?\\s*");

  /** The digits before or behind the point from on which a number is none that a shop has. */
  private static final int MOST_DIGITS = 400;

  /** The longest text, in characters, that is looked at for a time. */
  private static final int LONGEST_TIME = 100;

  private LenientValues() {}

  /** Returns the number that a text stands for; null if it is none. */
  public static BigDecimal number(String text) {
    Matcher number = NUMBER.matcher(text);
    return text.length() <= JsonFields.LONGEST_NUMBER && number.matches()
        ? new BigDecimal(number.group(1))
        : null;
  }

  /** Returns whether a number has no fraction, and no more digits than one that a shop has. */
  public static boolean isWhole(BigDecimal number) {
    return isUsual(number) && number.remainder(BigDecimal.ONE).signum() == 0;
  }

  /** Returns whether the digits of a number are few enough to be written out. */
  public static boolean isUsual(BigDecimal number) {
    return Math.abs((long) number.precision() - number.scale()) < MOST_DIGITS
        && Math.abs((long) number.scale()) < MOST_DIGITS;
  }

  /**
   * Returns a time as the contract wants it: ISO-8601 with an offset. Whether such a day exists is
   * not checked.
   *
   * @param zone of times without an offset; null if they are none
   * @return null if the text is no time
   */
  public static String time(String text, ZoneId zone) {
    Matcher time = TIME.matcher(text);
    if (text.length() > LONGEST_TIME || !time.matches()) {
      return null;
    }
    String seconds = time.group(3) == null ? ":00" : time.group(3);
    String fraction = time.group(4) == null ? "" : "." + time.group(4);
    String local = time.group(1) + "T" + time.group(2) + seconds + fraction;
    if (time.group(5) != null) {
      return local + "Z";
    }
    if (time.group(6) != null) {
      String minutes = time.group(8) == null ? "00" : time.group(8);
      return local + time.group(6) + time.group(7) + ":" + minutes;
    }
    try {
      return zone == null ? null : LocalDateTime.parse(local).atZone(zone).toInstant().toString();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Returns a time as the contract wants it, from the nanoseconds since 1970; null if too far. */
  public static String time(BigDecimal nanos) {
    try {
      BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
      return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue()).toString();
    } catch (ArithmeticException | DateTimeException e) {
      return null;
    }
  }
}
