package io.vectorstream.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.SettingsException;
import io.vectorstream.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The YAML files of systems, and the placeholders in them. */
class SystemFileTest {
  private static final String RIGHT =
      """
      name: mine
      start: [run, "${topic}"]
      points: {collection: "${run}-events", event_id: id}
      promise: once
      """;

  @TempDir private Path folder;

  private SystemDescription read(String yaml) throws IOException {
    return SystemFile.read(Files.writeString(folder.resolve("mine.yaml"), yaml));
  }

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../systems"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void each_file_that_ships_can_be_read_and_is_named_as_its_system(Path file) {
    SystemDescription system = SystemFile.read(file);

    assertThat(file.getFileName()).hasToString(system.name() + ".yaml");
    assertThat(system.canBeKilled()).isTrue();
  }

  @Test
  void what_is_left_out_has_a_default() throws IOException {
    SystemDescription system = read(RIGHT);

    assertThat(system.promise()).isEqualTo(Promise.ONCE);
    assertThat(system.settles()).isEqualTo(Duration.ofSeconds(30));
    assertThat(system.sums()).isEmpty();
    assertThat(system.points().haveIdsOfEvents()).isFalse();
  }

  @Test
  void a_system_that_runs_already_cannot_be_killed_without_a_command_for_it() throws IOException {
    SystemDescription running = read(RIGHT.replaceAll("start.*\n", ""));

    assertThat(running.isStarted()).isFalse();
    assertThat(running.canBeKilled()).isFalse();
    assertThat(read(RIGHT.replaceAll("start.*", "kill: [docker, kill, mine]")).canBeKilled())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "promise: once | promise: twice | once",
        "name: mine | name: My System | is no name; expected lower-case letters",
        ", event_id: id | '' | points: nothing says which event a point is",
        "promise: once | promis: once | promis is no field of a system",
        "promise: once | \"promise: once\nacknowledged: {}\" | acknowledged: expected consumer_group or spark_checkpoint",
        "promise: once | \"promise: once\nready: {within: 5s}\" | ready: expected text or url",
        "promise: once | \"promise: once\nsums: [{collection: a, key: b}]\" | sums: nothing is summed by b",
      })
  void what_is_wrong_is_said(String right, String wrong, String problem) {
    String written = wrong.equals("''") ? "" : wrong;
    assertThatThrownBy(() -> read(RIGHT.replace(right, written)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void placeholders_have_the_values_of_the_run() {
    Placeholders placeholders = new Placeholders(SettingsLoader.defaults(), "run-1", folder, null);

    assertThat(placeholders.fill("${topic} at ${kafka} to ${qdrant.host}:${qdrant.port}"))
        .isEqualTo("run-1 at localhost:9092 to localhost:6334");
    assertThat(placeholders.fill("{\"id\": \"${event_id}\"}"))
        .isEqualTo("{\"id\": \"${event_id}\"}");
    assertThat(placeholders.command(List.of("${java}", "Main")))
        .startsWith(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .endsWith(System.getProperty("java.class.path"), "Main");
  }

  @Test
  void a_placeholder_without_a_value_is_named() {
    Placeholders placeholders = new Placeholders(SettingsLoader.defaults(), "run-1", folder, null);

    assertThatThrownBy(() -> placeholders.fill("${env.NOT_SET_ANYWHERE}"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("'${env.NOT_SET_ANYWHERE}' has a placeholder without a value");
  }
}
