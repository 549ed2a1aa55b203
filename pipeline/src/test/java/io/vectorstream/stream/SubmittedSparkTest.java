package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

class SubmittedSparkTest {
  private static final List<String> GIVEN =
      List.of(
          "spark.master",
          "spark.ui.enabled",
          "spark.speculation",
          "spark.network.timeout",
          "spark.shuffle.io.maxRetries");

  /** Clears the system properties by which spark-submit passes its settings on. */
  @AfterEach
  void forget() {
    GIVEN.forEach(System::clearProperty);
  }

  @Test
  void the_master_of_spark_submit_is_stronger_than_the_setting() {
    assertThat(SubmittedSpark.master(settings())).isEqualTo("local[*]");
    assertThat(SubmittedSpark.master(settings("spark.master="))).isEmpty();
    System.setProperty("spark.master", "spark://head:7077");
    assertThat(SubmittedSpark.master(settings("spark.master=local[2]")))
        .isEqualTo("spark://head:7077");
  }

  @Test
  void a_default_gives_way_to_what_spark_submit_was_told() {
    assertThat(SubmittedSpark.defaults(settings())).containsEntry("spark.ui.enabled", "false");
    System.setProperty("spark.ui.enabled", "true");
    assertThat(SubmittedSpark.defaults(settings()))
        .doesNotContainKey("spark.ui.enabled")
        .containsKey("spark.ui.showConsoleProgress");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark://head:7077", "yarn", "k8s://https://head:6443", "local-cluster[2,1,1024]"})
  void on_a_cluster_an_executor_that_does_not_answer_is_given_up_soon(String master) {
    Map<String, String> defaults = SubmittedSpark.defaults(settings("spark.master=" + master));
    SparkConf conf = new SparkConf(false).setAll(CollectionConverters.asScala(defaults));

    long silence = conf.getTimeAsSeconds("spark.storage.blockManagerHeartbeatTimeoutMs");
    long looks = conf.getTimeAsSeconds("spark.network.timeoutInterval");
    long fetch =
        conf.getTimeAsSeconds("spark.shuffle.io.connectionTimeout")
                * (1 + conf.getInt("spark.shuffle.io.maxRetries", 3))
            + conf.getTimeAsSeconds("spark.shuffle.io.retryWait");
    assertThat(silence).as("longer than a garbage collection").isGreaterThanOrEqualTo(10);
    assertThat(fetch).as("longer than a garbage collection").isGreaterThanOrEqualTo(10);
    assertThat(silence)
        .as("several heartbeats")
        .isGreaterThan(4 * conf.getTimeAsSeconds("spark.executor.heartbeatInterval"));
    // A task may begin to wait for an executor's data just before the driver gives it up.
    assertThat(silence + looks + fetch).isLessThan(30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local[*]", "local[2]", "local[2,4]"})
  void a_machine_that_sleeps_keeps_the_executor_in_its_own_process(String master) {
    assertThat(SubmittedSpark.defaults(settings("spark.master=" + master)).keySet())
        .noneMatch(name -> name.contains("heartbeat") || name.contains("io."));
  }

  @Test
  void who_has_given_a_time_limit_gets_none_that_does_not_fit_it() {
    String cluster = "spark.master=spark://head:7077";

    assertThat(
            SubmittedSpark.defaults(
                    settings(cluster, "spark.properties.spark.executor.heartbeatInterval=60s"))
                .keySet())
        .noneMatch(name -> name.contains("imeout") || name.contains("heartbeat"));
    System.setProperty("spark.shuffle.io.maxRetries", "9");
    assertThat(SubmittedSpark.defaults(settings(cluster)))
        .containsKey("spark.executor.heartbeatInterval")
        .doesNotContainKey("spark.shuffle.io.maxRetries");
    System.setProperty("spark.network.timeout", "300s");
    assertThat(SubmittedSpark.defaults(settings(cluster)).keySet())
        .noneMatch(name -> name.contains("imeout") || name.contains("heartbeat"));
  }

  @Test
  void running_a_task_twice_at_the_same_time_is_refused() {
    assertThatCode(() -> SubmittedSpark.requireOneAttempt(settings())).doesNotThrowAnyException();
    assertRefused(settings("spark.properties.spark.speculation=true"));
    System.setProperty("spark.speculation", "true");
    assertRefused(settings());
    assertThatCode(
            () ->
                SubmittedSpark.requireOneAttempt(
                    settings("spark.properties.spark.speculation=false")))
        .doesNotThrowAnyException();
  }

  private static void assertRefused(Settings.Spark spark) {
    assertThatThrownBy(() -> SubmittedSpark.requireOneAttempt(spark))
        .isInstanceOf(PipelineException.class)
        .hasMessageStartingWith("spark.speculation is true; expected false");
  }

  private static Settings.Spark settings(String... overrides) {
    return SettingsLoader.load(Optional.empty(), Map.of(), List.of(overrides)).spark();
  }
}
