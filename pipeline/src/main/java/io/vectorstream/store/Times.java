package io.vectorstream.store;

import java.time.Instant;
import java.time.OffsetDateTime;

/** Times in payloads: ISO-8601 in UTC, which Qdrant's datetime conditions read. */
final class Times {

  private static final long MICROS = 1_000_000;

  private Times() {}

  static String iso(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000)
        .toString();
  }

  /** The opposite of {@link #iso}. Java's own units count by nanoseconds, which end in 2262. */
  static long micros(String iso) {
    Instant instant = Instant.parse(iso);
    return instant.getEpochSecond() * MICROS + instant.getNano() / 1000;
  }

  /** A valid C1 timestamp in UTC, with all of its digits. */
  static String utc(String timestamp) {
    boolean asItIs =
        timestamp.endsWith("Z") && timestamp.length() >= "2024-01-15T10:30:00Z".length();
    return asItIs ? timestamp : OffsetDateTime.parse(timestamp).toInstant().toString();
  }
}
