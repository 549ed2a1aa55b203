package io.vectorstream.stream;

import io.vectorstream.config.Redaction;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/**
 * What Spark hides in its own logs, plans and event logs. Its defaults know passwords and tokens by
 * name, but not a JAAS configuration or an API key.
 */
final class SparkRedaction {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.redaction.regex",
          Redaction.SECRET_NAMES,
          // "url" is Spark's own default.
          "spark.sql.redaction.options.regex",
          Redaction.SECRET_NAMES + "|url");

  private SparkRedaction() {}

  /** Those that spark-submit or its files have not set. */
  static Map<String, String> settings() {
    SparkConf submitted = new SparkConf();
    return SETTINGS.entrySet().stream()
        .filter(setting -> !submitted.contains(setting.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
