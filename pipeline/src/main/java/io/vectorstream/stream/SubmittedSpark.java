package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.SparkConf;

/** The settings that {@code spark-submit} was given, and the defaults for those that it was not. */
final class SubmittedSpark {
  private static final String SPECULATION = "spark.speculation";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          // Useful for an operator who inspects a checkpoint; Spark itself needs two.
          "spark.sql.streaming.minBatchesToRetain",
          "20",
          "spark.ui.enabled",
          "false",
          // Otherwise a page of another site, in the browser of a user of this page, could end the
          // stream.
          "spark.ui.killEnabled",
          "false",
          "spark.ui.showConsoleProgress",
          "false");

  /**
   * The settings for how soon a cluster continues without an executor that does not answer any
   * more. A late write of such an executor changes nothing ({@link io.vectorstream.store.Fence}),
   * so the cluster need not wait until it has surely ended. Pauses of several seconds, such as
   * those of garbage collection, are tolerated.
   */
  private static final Map<String, String> FAIL_OVER =
      Map.of(
          // The driver checks every 2 s for executors that have sent nothing for 12 s.
          "spark.executor.heartbeatInterval",
          "2s",
          "spark.storage.blockManagerHeartbeatTimeoutMs",
          "12s",
          "spark.network.timeoutInterval",
          "2s",
          // Tasks elsewhere that wait for its data give up after about as long: 5 + 1 + 5 s.
          "spark.shuffle.io.connectionTimeout",
          "5s",
          "spark.shuffle.io.maxRetries",
          "1",
          "spark.shuffle.io.retryWait",
          "1s");

  /**
   * Spark's settings that those of {@link #FAIL_OVER} have to fit: if the user sets one of them,
   * Spark might refuse the others.
   */
  private static final List<String> PATIENCE =
      List.of(
          "spark.executor.heartbeatInterval",
          "spark.network.timeout",
          "spark.network.timeoutInterval",
          "spark.storage.blockManagerHeartbeatTimeoutMs",
          "spark.storage.blockManagerSlaveTimeoutMs",
          "spark.storage.blockManagerTimeoutIntervalMs");

  private SubmittedSpark() {}

  /**
   * Returns where Spark runs: the master of {@code spark-submit}, which always has one, or else the
   * setting, which may be empty.
   */
  static String master(Settings.Spark spark) {
    return new SparkConf().get("spark.master", spark.master());
  }

  /** Returns the Spark settings that the user has not set. */
  static Map<String, String> defaults(Settings.Spark spark) {
    SparkConf submitted = new SparkConf();
    Predicate<String> given =
        name -> submitted.contains(name) || spark.properties().containsKey(name);
    Map<String, String> defaults = new HashMap<>(DEFAULTS);
    if (isCluster(master(spark)) && PATIENCE.stream().noneMatch(given)) {
      defaults.putAll(FAIL_OVER);
    }
    defaults.keySet().removeIf(given);
    defaults.putAll(SparkAuthentication.defaults(spark));
    return defaults;
  }

  /** Returns whether executors are separate processes, also those of {@code local-cluster}. */
  static boolean isCluster(String master) {
    return !master.equals("local") && !master.startsWith("local[");
  }

  /**
   * Checks that Spark does not run a task twice at the same time. The sums would stay right,
   * because each attempt has a fence of its own. But the slower attempt, which finds the writes of
   * the faster one, fails as if another pipeline had taken over, and after some such failures the
   * query fails, too.
   *
   * @throws PipelineException if speculation is on
   */
  static void requireOneAttempt(Settings.Spark spark) {
    String submitted = new SparkConf().get(SPECULATION, "false");
    if (Boolean.parseBoolean(spark.properties().getOrDefault(SPECULATION, submitted))) {
      throw new PipelineException(
          "spark.speculation is true; expected false: the slower copy of a task finds sums that the"
              + " faster one has written, must not change them, and fails, and with it the query");
    }
  }
}
