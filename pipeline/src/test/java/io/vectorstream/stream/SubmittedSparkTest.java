package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubmittedSparkTest {
  private static final List<String> GIVEN =
      List.of("spark.master", "spark.ui.enabled", "spark.speculation");

  /** spark-submit hands on what it was told as system properties. */
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
    assertThat(SubmittedSpark.defaults()).containsEntry("spark.ui.enabled", "false");
    System.setProperty("spark.ui.enabled", "true");
    assertThat(SubmittedSpark.defaults())
        .doesNotContainKey("spark.ui.enabled")
        .containsKey("spark.executor.heartbeat.maxFailures");
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
