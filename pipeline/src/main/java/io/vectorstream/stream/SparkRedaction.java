package io.vectorstream.stream;

import io.vectorstream.config.Redaction;
import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The settings that hide secrets in Spark's logs, plans and event logs. Spark's defaults know
 * passwords and tokens by name, but no JAAS configuration or API key, nor secrets within values.
 */
final class SparkRedaction {
  private static final String SETTINGS_REGEX = "spark.redaction.regex";
  private static final String OPTIONS_REGEX = "spark.sql.redaction.options.regex";

  /** A setting of Hadoop has this before its name, and loses it in Spark's event log. */
  private static final String OF_HADOOP = "spark.hadoop.";

  /** The arguments of this process, as Spark's event log has them. */
  private static final String PROCESS = "|" + Pattern.quote("sun.java.command");

  private SparkRedaction() {}

  /** Returns the settings that spark-submit or its files have not set. */
  static Map<String, String> settings(Settings settings) {
    SparkConf submitted = new SparkConf();
    Map<String, String> all = new HashMap<>();
    for (var setting : submitted.getAll()) {
      all.put(setting._1(), setting._2());
    }
    all.putAll(settings.spark().properties());
    Map.copyOf(all)
        .forEach(
            (name, value) -> {
              if (name.startsWith(OF_HADOOP)) {
                all.put(name.substring(OF_HADOOP.length()), value);
              }
            });
    // The event log has all of these, too.
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> System.getProperty(name) != null)
        .forEach(name -> all.put(name, System.getProperty(name)));
    Map<String, String> regexes = new HashMap<>();
    regexes.put(SETTINGS_REGEX, Redaction.SECRET_NAMES + namesOfSecretValues(all) + PROCESS);
    // "url" is Spark's own default.
    regexes.put(
        OPTIONS_REGEX,
        Redaction.SECRET_NAMES + "|url" + namesOfSecretValues(settings.kafka().properties()));
    regexes.keySet().removeIf(submitted::contains);
    return regexes;
  }

  /**
   * Removes secrets from the settings that Spark sends to every task of a query: they are for Spark
   * itself, which keeps them elsewhere.
   */
  static void withdrawFromTasks(SparkSession session) {
    SQLConf handedOn = ((org.apache.spark.sql.classic.SparkSession) session).sessionState().conf();
    Map.copyOf(CollectionConverters.asJava(handedOn.getAllConfs()))
        .forEach(
            (name, value) -> {
              if (Redaction.isSecret(name) || Redaction.holdsSecret(value)) {
                handedOn.unsetConf(name);
              }
            });
  }

  /** Returns a regular expression of further names whose values contain a secret. */
  private static String namesOfSecretValues(Map<String, String> properties) {
    return properties.entrySet().stream()
        .filter(property -> Redaction.holdsSecret(property.getValue()))
        .map(property -> "|" + Pattern.quote(property.getKey()))
        .sorted()
        .collect(Collectors.joining());
  }
}
