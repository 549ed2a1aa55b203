package io.vectorstream.it.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.it.Nightly;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A load on two builds, each in processes of its own; so small that it says nothing about speed.
 */
@Nightly
class AgainstIT {
  @TempDir private Path folder;

  /** Makes a checkout of this very build: its launcher starts the classes of this test. */
  private Path checkout() throws IOException {
    Path flags =
        Files.writeString(
            folder.resolve("flags"),
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .map(flag -> "\"" + flag.replace("\\", "\\\\") + "\"")
                .collect(Collectors.joining("\n")));
    Path checkout = Files.createDirectory(folder.resolve("checkout"));
    Path launcher =
        Files.writeString(
            checkout.resolve("vectorstream"),
            "#!/bin/sh\nexec '%s' '@%s' -cp '%s' %s \"$@\"\n"
                .formatted(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    flags,
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    return checkout;
  }

  @Test
  void both_builds_run_the_same_load_and_what_this_one_misses_is_told() throws IOException {
    Path result = folder.resolve("against.json");
    Path junit = folder.resolve("targets.xml");

    int status =
        Main.commandLine()
            .execute(
                "validate",
                "--against=" + checkout(),
                "--pairs=1",
                "--rate=100",
                "--min-rate=1000",
                "--duration=2s",
                "--trigger=250ms",
                "--products=20",
                "--users=50",
                "--seed=1",
                "--set=http.enabled=false",
                "--data=" + folder.resolve("data"),
                "--json=" + result,
                "--junit=" + junit);

    assertThat(result).as("status %d", status).exists();
    JsonNode json = new ObjectMapper().readTree(result.toFile());
    assertThat(json.path("kind").asText()).isEqualTo("against");
    assertThat(json.path("complete").asBoolean()).isTrue();
    assertThat(json.path("runs").findValuesAsText("build")).containsExactly("other", "this");
    assertThat(json.path("runs"))
        .allSatisfy(
            run -> {
              assertThat(run.at("/summary/events/sent").asLong()).isBetween(200L, 260L);
              assertThat(run.at("/summary/events/lost").asLong()).isZero();
            });
    // Only this build is judged, and 1,000 events/s were not even offered.
    assertThat(junit)
        .content()
        .contains("tests=\"9\"")
        .containsPattern("<failure .*measured \\d{2,3} events/s offered");
    assertThat(status).isEqualTo(1);
  }
}
