package io.vectorstream.local.beside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.RunSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The order of the runs, with a pipeline that is made up. */
class BesideTest {
  private final List<String> done = new ArrayList<>();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private int runsUntilStop = Integer.MAX_VALUE;
  private int runsUntilFailure = Integer.MAX_VALUE;
  private String missedOn = "none";

  private final Bench bench =
      new Bench() {
        @Override
        public Optional<RunSummary> warmUp(Duration duration) {
          return run("warm-up " + duration.toSeconds(), "embedded");
        }

        @Override
        public Optional<RunSummary> measure(ServicesKind services) {
          String name = services.name().toLowerCase(Locale.ROOT);
          return run(name, name);
        }
      };

  private Optional<RunSummary> run(String what, String services) {
    if (done.size() == runsUntilStop) {
      return Optional.empty();
    }
    if (done.size() == runsUntilFailure) {
      throw new IllegalStateException("broken");
    }
    done.add(what);
    return Optional.of(summary(services, !services.equals(missedOn)));
  }

  private static RunSummary summary(String services, boolean met) {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    return new RunSummary(
        RunSummary.SCHEMA,
        now,
        now,
        null,
        new Environment("a CPU", 2, 24_000, "a JVM", "an OS", "4.2.0", services, null, Map.of()),
        new RunSummary.Events(1000, 1000, 0, 0, 0),
        new RunSummary.Throughput(2000, 1990, 9000, 0.0, 0.0, 1800.0),
        new RunSummary.Latency(5000, 7000, 9000, 10_000),
        List.of(),
        new RunSummary.Embedding(0, 0, 0),
        new RunSummary.Memory(1500),
        List.of(),
        List.of(),
        List.of(new RunSummary.Target("latency p99", "< 30.0 s", "9.0 s", met)),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private Beside beside(int rounds) {
    return beside(rounds, Duration.ofSeconds(40));
  }

  private Beside beside(int rounds, Duration duration) {
    return new Beside(
        "made-up",
        7,
        duration,
        Duration.ofSeconds(15),
        rounds,
        bench,
        new PrintStream(told, true, StandardCharsets.UTF_8));
  }

  @Test
  void one_round_is_a_run_on_each_after_one_that_is_thrown_away() throws InterruptedException {
    Beside beside = beside(1);

    assertThat(beside.run()).isTrue();
    assertThat(done).containsExactly("warm-up 30", "embedded", "external");
    BesideResult result = beside.result().orElseThrow();
    assertThat(result.runs()).extracting(result::nameOf).containsExactly("embedded", "real");
    assertThat(result.isIncompleteOrMissed()).isFalse();
  }

  @Test
  void every_other_round_is_in_the_opposite_order() throws InterruptedException {
    Beside beside = beside(3);
    beside.run();

    assertThat(done.subList(1, done.size()))
        .containsExactly("embedded", "external", "external", "embedded", "embedded", "external");
    BesideResult result = beside.result().orElseThrow();
    assertThat(result.runs()).extracting(BesideResult.Run::round).containsExactly(1, 1, 2, 2, 3, 3);
    assertThat(result.nameOf(result.runs().get(2))).isEqualTo("real, round 2");
  }

  @Test
  void the_run_thrown_away_is_as_short_as_the_others_and_long_enough_for_its_triggers()
      throws InterruptedException {
    beside(1, Duration.ofSeconds(20)).run();
    beside(1, Duration.ofSeconds(5)).run();

    assertThat(done).contains("warm-up 20", "warm-up 15");
  }

  @Test
  void a_target_that_one_run_missed_counts() throws InterruptedException {
    missedOn = "external";
    Beside beside = beside(1);

    assertThat(beside.run()).isTrue();
    assertThat(beside.result().orElseThrow().isIncompleteOrMissed()).isTrue();
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("MISSED targets");
  }

  @Test
  void what_was_measured_before_a_stop_is_kept_and_said_to_be_partial()
      throws InterruptedException {
    runsUntilStop = 2;
    Beside beside = beside(1);

    assertThat(beside.run()).isFalse();
    BesideResult result = beside.result().orElseThrow();
    assertThat(result.complete()).isFalse();
    assertThat(result.isIncompleteOrMissed()).isTrue();
    assertThat(result.runs()).extracting(result::nameOf).containsExactly("embedded");
  }

  @Test
  void what_was_measured_before_a_failure_is_kept_too() {
    runsUntilFailure = 2;
    Beside beside = beside(1);

    assertThatThrownBy(beside::run).hasMessage("broken");
    assertThat(beside.result().orElseThrow().complete()).isFalse();
    assertThat(beside.result().orElseThrow().runs()).hasSize(1);
  }

  @Test
  void where_nothing_was_measured_there_is_no_result() throws InterruptedException {
    runsUntilStop = 1;
    Beside beside = beside(1);

    assertThat(beside.run()).isFalse();
    assertThat(beside.result()).isEmpty();
  }

  @Test
  void each_run_is_announced_and_its_figures_are_told() throws InterruptedException {
    beside(1).run();

    assertThat(told.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(line -> line.matches("\\[00:0\\d] warming up on the embedded.*, for 30 s"))
        .anyMatch(line -> line.matches("\\[00:0\\d] run 2 of 2, on the real services, for 40 s"))
        .anyMatch(line -> line.contains("1,990/s sustained, p50 5.0 s, p99 9.0 s, 0 lost"));
  }

  @Test
  void the_json_says_what_was_asked_for() throws IOException, InterruptedException {
    Beside beside = beside(2);
    beside.run();

    JsonNode json = new ObjectMapper().readTree(beside.result().orElseThrow().toJson());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "schema",
            "kind",
            "started_at",
            "finished_at",
            "complete",
            "workload",
            "environment",
            "rounds",
            "seed",
            "runs");
    assertThat(json.path("kind").asText()).isEqualTo("beside");
    assertThat(json.path("seed").asLong()).isEqualTo(7);
    assertThat(json.path("runs")).hasSize(4);
  }
}
