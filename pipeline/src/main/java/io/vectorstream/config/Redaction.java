package io.vectorstream.config;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Hides what Kafka's and Spark's own settings may hold of passwords and keys, told by their names.
 */
final class Redaction {
  static final String STARS = "******";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "secret|passw|token|credential|jaas|(access|api|account|private)[._-]?key|keystore[.]key$"
              + "|basic[.]auth",
          Pattern.CASE_INSENSITIVE);

  private Redaction() {}

  /** The same names, in order; stars for each value whose name tells of a secret. */
  static SortedMap<String, String> redact(Map<String, String> properties) {
    SortedMap<String, String> redacted = new TreeMap<>();
    properties.forEach(
        (name, value) -> redacted.put(name, SECRET_NAME.matcher(name).find() ? STARS : value));
    return redacted;
  }
}
