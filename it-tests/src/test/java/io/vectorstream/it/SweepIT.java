package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep from the command line, of runs so small that they say nothing about speed. */
@Nightly
class SweepIT {
  private static final double ASKED = 50;

  @Test
  void each_run_has_its_own_services_and_accounts_for_every_record(@TempDir Path folder)
      throws IOException {
    Path workload =
        Files.writeString(
            folder.resolve("tiny.yaml"),
            """
            name: tiny
            rate: 100
            duration: 1s
            warmup: 250ms
            products: 20
            users: 50
            malformed: 0.05
            duplicates: 0.05
            late: 0
            partitions: 2
            trigger: 250ms
            seed: 1
            sweep:
              warmup: 1s
              tolerance: 0.5
              rates: 1
              confirm: 1s
              products: [40]
            """);
    Path data = folder.resolve("data");
    Path result = folder.resolve("sweep.json");

    int status =
        Main.commandLine()
            .execute(
                "validate",
                "--sweep",
                "--workload=" + workload,
                "--min-rate=" + ASKED,
                "--data=" + data,
                "--json=" + result);

    JsonNode json = new ObjectMapper().readTree(result.toFile());
    assertThat(json.path("kind").asText()).isEqualTo("sweep");
    assertThat(json.path("workload").asText()).isEqualTo("tiny");
    assertThat(json.path("complete").asBoolean()).isTrue();
    assertThat(json.path("runs").findValuesAsText("axis")).isEqualTo(List.of("rate", "products"));
    assertThat(json.path("runs"))
        .allSatisfy(
            run -> {
              JsonNode events = run.at("/summary/events");
              assertThat(events.path("sent").asLong()).isBetween(100L, 160L);
              assertThat(events.path("lost").asLong()).isZero();
              assertThat(events.path("stored").asLong()).isPositive();
              assertThat(events.path("dead_lettered").asLong()).isPositive();
              assertThat(run.at("/summary/workload").asText()).isEqualTo("tiny");
            });
    assertThat(status).isEqualTo(json.path("highest_sustained_eps").asDouble() >= ASKED ? 0 : 1);
    assertThat(data).doesNotExist();
  }
}
