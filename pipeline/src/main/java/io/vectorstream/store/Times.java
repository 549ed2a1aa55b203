package io.vectorstream.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** Times in payloads: ISO-8601 in UTC, which Qdrant's datetime conditions read. */
final class Times {

  private static final long MICROS = 1_000_000;
  private static final long DAY = 24 * 60 * 60;
  private static final String WHOLE_SECONDS = "0000-00-00T00:00:00";

  private Times() {}

  /** Returns the same text as {@link Instant#toString}, which takes several times as long. */
  static String iso(long micros) {
    long seconds = Math.floorDiv(micros, MICROS);
    int fraction = (int) Math.floorMod(micros, MICROS);
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY));
    if (date.getYear() < 0 || date.getYear() > 9999) {
      return Instant.ofEpochSecond(seconds, fraction * 1000L).toString();
    }
    int time = (int) Math.floorMod(seconds, DAY);
    StringBuilder iso = new StringBuilder("0000-00-00T00:00:00.000000Z".length());
    digits(iso, date.getYear(), 4).append('-');
    digits(iso, date.getMonthValue(), 2).append('-');
    digits(iso, date.getDayOfMonth(), 2).append('T');
    digits(iso, time / 3600, 2).append(':');
    digits(iso, time / 60 % 60, 2).append(':');
    digits(iso, time % 60, 2);
    if (fraction % 1000 != 0) {
      digits(iso.append('.'), fraction, 6);
    } else if (fraction != 0) {
      digits(iso.append('.'), fraction / 1000, 3);
    }
    return iso.append('Z').toString();
  }

  private static StringBuilder digits(StringBuilder text, int number, int digits) {
    String written = Integer.toString(number);
    return text.append("000000", 0, digits - written.length()).append(written);
  }

  /**
   * Parses what {@link #iso} returns, and anything that {@link Instant#parse} reads. Java's own
   * units count nanoseconds, which end in 2262.
   */
  static long micros(String iso) {
    int fraction = iso.length() - WHOLE_SECONDS.length() - 1;
    if (!isWritten(iso) || (fraction != 0 && fraction != 4 && fraction != 7)) {
      Instant instant = Instant.parse(iso);
      return instant.getEpochSecond() * MICROS + instant.getNano() / 1000;
    }
    LocalDate date = LocalDate.of(number(iso, 0, 4), number(iso, 5, 7), number(iso, 8, 10));
    long time = number(iso, 11, 13) * 3600L + number(iso, 14, 16) * 60L + number(iso, 17, 19);
    long micros =
        switch (fraction) {
          case 4 -> number(iso, 20, 23) * 1000L;
          case 7 -> number(iso, 20, 26);
          default -> 0;
        };
    return (date.toEpochDay() * DAY + time) * MICROS + micros;
  }

  /** Returns whether the text has the form that {@link #iso} writes: 0 stands for any digit. */
  private static boolean isWritten(String text) {
    int last = text.length() - 1;
    if (last < WHOLE_SECONDS.length() || text.charAt(last) != 'Z') {
      return false;
    }
    for (int i = 0; i < last; i++) {
      char expected =
          i < WHOLE_SECONDS.length()
              ? WHOLE_SECONDS.charAt(i)
              : i == WHOLE_SECONDS.length() ? '.' : '0';
      char c = text.charAt(i);
      if (expected == '0' ? c < '0' || c > '9' : c != expected) {
        return false;
      }
    }
    return number(text, 11, 13) < 24 && number(text, 14, 16) < 60 && number(text, 17, 19) < 60;
  }

  private static int number(String digits, int from, int to) {
    return Integer.parseInt(digits, from, to, 10);
  }

  /** Returns a valid C1 timestamp in UTC, with all of its digits. */
  static String utc(String timestamp) {
    boolean asItIs =
        timestamp.endsWith("Z") && timestamp.length() >= "2024-01-15T10:30:00Z".length();
    return asItIs ? timestamp : OffsetDateTime.parse(timestamp).toInstant().toString();
  }
}
