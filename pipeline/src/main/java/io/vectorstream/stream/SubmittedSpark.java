package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.SparkConf;

/** What {@code spark-submit} was told, and what counts where it was told nothing. */
final class SubmittedSpark {
  private static final String SPECULATION = "spark.speculation";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          // Of use to who looks into a checkpoint; Spark itself needs two.
          "spark.sql.streaming.minBatchesToRetain",
          "20",
          "spark.ui.enabled",
          "false",
          // One page of another site, opened by whoever may see this one, would end the stream.
          "spark.ui.killEnabled",
          "false",
          "spark.ui.showConsoleProgress",
          "false");

  /**
   * How soon a cluster goes on without an executor that does not answer any more. What such an
   * executor still writes later changes nothing ({@link io.vectorstream.store.Fence}), so that
   * nobody has to wait until it is surely gone. Pauses of several seconds, such as those of the
   * garbage collection, cost it nothing.
   */
  private static final Map<String, String> FAIL_OVER =
      Map.of(
          // The driver looks every 2 s for executors that it has not heard of for 12 s.
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
   * Spark's settings that the ones of {@link #FAIL_OVER} have to fit: with one of them given, Spark
   * might refuse the others.
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
   * Where Spark runs: what {@code spark-submit} was told, which always names a master, or else the
   * setting; empty if that is.
   */
  static String master(Settings.Spark spark) {
    return new SparkConf().get("spark.master", spark.master());
  }

  /** Settings of Spark that nobody has given otherwise. */
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

  /** Whether executors are processes of their own; {@code local-cluster} has such, too. */
  static boolean isCluster(String master) {
    return !master.equals("local") && !master.startsWith("local[");
  }

  /**
   * @throws PipelineException if Spark is to run a task twice at the same time. The sums would stay
   *     right, for each of the two has a fence of its own; but the slower one, which finds what the
   *     faster has written, fails as if another pipeline had taken over, and after some such
   *     failures so does the query
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
