package io.vectorstream.config;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Hides what Kafka's and Spark's own settings may hold of passwords and keys, told by their names.
 */
public final class Redaction {
  /** A regular expression that is found in each name whose value is a secret. */
  public static final String SECRET_NAMES =
      "(?i)secret|passw|token|credential|jaas|(access|api|account|private)[._-]?key|keystore[.]key$"
          + "|basic[.]auth";

  static final String STARS = "******";

  private static final Pattern SECRET_NAME = Pattern.compile(SECRET_NAMES);

  private Redaction() {}

  /** The same names, in order; stars for each value whose name tells of a secret. */
  static SortedMap<String, String> redact(Map<String, String> properties) {
    SortedMap<String, String> redacted = new TreeMap<>();
    properties.forEach(
        (name, value) -> redacted.put(name, SECRET_NAME.matcher(name).find() ? STARS : value));
    return redacted;
  }
}
