package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A load on embedded and on given services, so small that it says nothing about speed. */
@ExtendWith(SharedServices.class)
@Nightly
class BesideIT {

  @Test
  void both_get_the_same_load_and_stand_in_one_report(Services services, @TempDir Path folder)
      throws IOException {
    Path data = folder.resolve("data");
    Path report = folder.resolve("new/report.html");
    Path result = folder.resolve("beside.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "validate",
                "--beside-embedded",
                "--bootstrap-servers=" + services.bootstrapServers(),
                "--qdrant=%s:%d".formatted(services.qdrantHost(), services.qdrantPort()),
                "--rate=100",
                "--min-rate=1000",
                "--duration=2s",
                "--trigger=250ms",
                "--products=20",
                "--users=50",
                "--malformed=0.05",
                "--late=0",
                "--seed=1",
                "--data=" + data,
                "--report=" + report,
                "--json=" + result));
    if (!services.apiKey().isEmpty()) {
      arguments.addAll(List.of("--set", "qdrant.api_key=" + services.apiKey()));
    }

    int status = Main.commandLine().execute(arguments.toArray(String[]::new));

    JsonNode json = new ObjectMapper().readTree(result.toFile());
    assertThat(json.path("complete").asBoolean()).isTrue();
    assertThat(json.path("runs").findValuesAsText("services"))
        .containsExactly("embedded", "external");
    assertThat(json.path("runs"))
        .allSatisfy(
            run -> {
              assertThat(run.at("/summary/events/sent").asLong()).isBetween(200L, 260L);
              assertThat(run.at("/summary/events/lost").asLong()).isZero();
              assertThat(run.at("/summary/events/dead_lettered").asLong()).isPositive();
              assertThat(run.at("/summary/embedding/texts").asLong()).isPositive();
            });
    assertThat(json.path("runs"))
        .allSatisfy(run -> assertThat(outcome(run, "throughput")).isEqualTo(BooleanNode.FALSE));
    assertThat(status).isEqualTo(1);
    assertThat(report).content().contains("<section id=\"beside\"", "real: throughput");
    assertThat(data).doesNotExist();
  }

  /**
   * Returns whether a run met a target: false if it missed it, null if it was too short to tell.
   */
  private static JsonNode outcome(JsonNode run, String target) {
    return StreamSupport.stream(run.at("/summary/targets").spliterator(), false)
        .filter(each -> each.path("name").asText().equals(target))
        .findFirst()
        .orElseThrow()
        .path("met");
  }
}
