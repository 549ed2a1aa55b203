package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.EventParser;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RapidsPluginTest {

  @Test
  void off_changes_neither_spark_nor_the_parser() {
    Settings settings = settings("off");
    ClassLoader loader = Thread.currentThread().getContextClassLoader();

    RapidsPlugin.prepare(settings.spark());

    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(loader);
    assertThat(RapidsPlugin.settings(settings.spark())).isEmpty();
    assertThat(RapidsPlugin.target(settings)).isEqualTo(EventParser.Processor.CPU);
  }

  @ParameterizedTest
  @CsvSource({"on, executeOnGPU, NONE", "explain, explainOnly, ALL"})
  void the_plugin_is_loaded_in_the_mode_asked_for_with_the_json_parser_allowed(
      String choice, String mode, String explained) {
    Settings settings = settings(choice);

    assertThat(RapidsPlugin.settings(settings.spark()))
        .containsEntry("spark.plugins", "com.nvidia.spark.SQLPlugin")
        .containsEntry("spark.rapids.sql.mode", mode)
        .containsEntry("spark.rapids.sql.explain", explained)
        .containsEntry("spark.rapids.sql.expression.JsonToStructs", "true");
    assertThat(RapidsPlugin.target(settings)).isEqualTo(EventParser.Processor.GPU);
  }

  @Test
  void settings_of_the_user_stay_and_so_do_other_plugins() {
    Settings settings =
        settings(
            "on",
            "spark.properties.spark.plugins=org.example.Audit",
            "spark.properties.spark.rapids.sql.explain=NOT_ON_GPU");

    assertThat(RapidsPlugin.settings(settings.spark()))
        .containsEntry("spark.plugins", "org.example.Audit,com.nvidia.spark.SQLPlugin")
        .doesNotContainKey("spark.rapids.sql.explain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "explain"})
  void a_jar_that_is_not_there_is_said_with_the_way_to_get_it(String choice) {
    assertThatThrownBy(() -> RapidsPlugin.prepare(settings(choice).spark()))
        .isInstanceOf(PipelineException.class)
        .hasMessageStartingWith("spark.rapids is " + choice)
        .hasMessageContainingAll("mvn -Prapids", "--jars");
  }

  @Test
  void a_gpu_is_asked_for_where_spark_runs_in_this_process() {
    Optional<String> missing = Optional.of("this machine has no NVIDIA driver");

    assertThatThrownBy(() -> RapidsPlugin.requireDriver(settings("on").spark(), missing))
        .isInstanceOf(PipelineException.class)
        .hasMessageContainingAll(
            "this machine has no NVIDIA driver", "spark.master: local[*]", "explain needs none");
    RapidsPlugin.requireDriver(settings("on").spark(), Optional.empty());
    RapidsPlugin.requireDriver(settings("explain").spark(), missing);
    RapidsPlugin.requireDriver(settings("on", "spark.master=spark://driver:7077").spark(), missing);
  }

  private static Settings settings(String rapids, String... more) {
    return SettingsLoader.load(
        Optional.empty(),
        Map.of(),
        Stream.concat(Stream.of("spark.rapids=" + rapids), Stream.of(more)).toList());
  }
}
