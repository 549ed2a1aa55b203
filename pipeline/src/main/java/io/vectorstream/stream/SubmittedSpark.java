package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;

/** What {@code spark-submit} was told, and what counts where it was told nothing. */
final class SubmittedSpark {
  private static final String SPECULATION = "spark.speculation";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          // Of use to who looks into a checkpoint; Spark itself needs two.
          "spark.sql.streaming.minBatchesToRetain",
          "20",
          // An executor that has lost the driver ends within a minute: before the driver, which
          // waits for two, has its work done again elsewhere, and never beside a later batch.
          "spark.executor.heartbeat.maxFailures",
          "5",
          "spark.ui.enabled",
          "false",
          "spark.ui.showConsoleProgress",
          "false");

  private SubmittedSpark() {}

  /**
   * Where Spark runs: what {@code spark-submit} was told, which always names a master, or else the
   * setting; empty if that is.
   */
  static String master(Settings.Spark spark) {
    return new SparkConf().get("spark.master", spark.master());
  }

  /** Settings of Spark that nobody has given otherwise. */
  static Map<String, String> defaults() {
    SparkConf submitted = new SparkConf();
    Map<String, String> defaults = new HashMap<>(DEFAULTS);
    defaults.keySet().removeIf(submitted::contains);
    return defaults;
  }

  /**
   * @throws PipelineException if Spark is to run a task twice at the same time: the slower one
   *     might still write when the next batch has begun
   */
  static void requireOneAttempt(Settings.Spark spark) {
    String submitted = new SparkConf().get(SPECULATION, "false");
    if (Boolean.parseBoolean(spark.properties().getOrDefault(SPECULATION, submitted))) {
      throw new PipelineException(
          "spark.speculation is true; expected false: the slower copy of a task could write when"
              + " the next batch has begun, and undo what that has counted");
    }
  }
}
