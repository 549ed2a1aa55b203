package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsPrinterTest {
  private static final Settings SETTINGS =
      SettingsLoader.load(
          Optional.empty(),
          Map.of(),
          List.of(
              "kafka.topic=007",
              "kafka.dead_letter_topic=dead",
              "kafka.starting_offsets=latest",
              "kafka.properties.linger.ms=5",
              "stream.trigger=250ms",
              "stream.checkpoint=C:\\data: new # folder",
              "embedding.engine=pytorch",
              "embedding.device=cpu",
              "embedding.precision=fp16",
              "interest.weights.view=0.25",
              "qdrant.tls=true"));

  @TempDir Path folder;

  @Test
  void printed_settings_read_back_as_the_same_settings() throws IOException {
    Path file = Files.writeString(folder.resolve("vs.yaml"), SettingsPrinter.toYaml(SETTINGS));

    assertThat(SettingsLoader.load(Optional.of(file), Map.of(), List.of())).isEqualTo(SETTINGS);
  }

  @Test
  void printed_settings_look_like_the_documented_file() {
    assertThat(SettingsPrinter.toYaml(SETTINGS))
        .startsWith("kafka:\n  bootstrap_servers: localhost:9092\n")
        .contains("  starting_offsets: latest\n", "  trigger: 250ms\n", "  half_life: 7d\n")
        .contains("  engine: pytorch\n", "  device: cpu\n", "  precision: fp16\n");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.25S, 250ms",
    "PT10S, 10s",
    "PT90S, 90s",
    "PT5M, 5m",
    "PT90M, 90m",
    "PT2H, 2h",
    "PT168H, 7d",
    "PT0.0000005S, 500ns"
  })
  void durations_print_in_the_largest_unit_that_keeps_them_whole(Duration duration, String text) {
    assertThat(SettingValues.durationText(duration)).isEqualTo(text);
  }

  @Test
  void settings_travel_to_executors() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(SETTINGS);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(SETTINGS);
    }
  }
}
