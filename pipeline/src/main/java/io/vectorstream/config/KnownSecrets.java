package io.vectorstream.config;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The values of the secrets that this process was given, so that no line repeats one of them. */
final class KnownSecrets {
  /** A shorter one would hide parts of ordinary words. */
  private static final int SHORTEST = 6;

  /** The longest first: one may be part of another. */
  private static final Set<String> VALUES =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(value -> value));

  private KnownSecrets() {}

  static void add(String value) {
    if (value != null && value.strip().length() >= SHORTEST && !value.contains(Redaction.STARS)) {
      VALUES.add(value.strip());
    }
  }

  static String mask(String text) {
    String masked = text;
    for (String value : VALUES) {
      if (masked.contains(value)) {
        masked = masked.replace(value, Redaction.STARS);
      }
    }
    return masked;
  }
}
