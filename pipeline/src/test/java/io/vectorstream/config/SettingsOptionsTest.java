package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SettingsOptionsTest {
  @TempDir Path folder;

  @Command(name = "some")
  private static final class SomeCommand {
    @Mixin private SettingsOptions settings;
  }

  private static SettingsOptions parse(String... arguments) {
    SomeCommand command = new SomeCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.settings;
  }

  @Test
  void a_file_and_overrides_are_taken_from_the_command_line() throws IOException {
    Path file = Files.writeString(folder.resolve("vs.yaml"), "kafka: {topic: a, partitions: 9}\n");

    Settings settings =
        parse("--config", file.toString(), "--set", "kafka.topic=b", "--set=stream.tasks=3").load();

    assertThat(settings.kafka().topic()).isEqualTo("b");
    assertThat(settings.kafka().partitions()).isEqualTo(9);
    assertThat(settings.stream().tasks()).isEqualTo(3);
  }

  @Test
  void without_options_the_defaults_hold() {
    assertThat(parse().load().interest()).isEqualTo(SettingsLoader.defaults().interest());
  }

  @Test
  void what_the_command_decides_wins_over_what_the_user_gave() {
    assertThat(parse("--set", "qdrant.port=1").load(List.of("qdrant.port=2")).qdrant().port())
        .isEqualTo(2);
  }
}
