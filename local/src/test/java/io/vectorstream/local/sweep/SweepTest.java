package io.vectorstream.local.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.workload.SweepSettings;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.SweepResult;
import io.vectorstream.reports.result.SweepResult.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sweep over a pipeline that is made up: it handles so many events a second. */
class SweepTest {
  private static final double CAPACITY = 20_000;
  private static final SweepSettings SECTION =
      new SweepSettings(
          Duration.ofSeconds(60),
          0.1,
          6,
          Duration.ofSeconds(45),
          List.of(500, 2000),
          List.of(4, 8),
          List.of(Duration.ofMillis(2500), Duration.ofSeconds(10)),
          List.of(1, 2, 4));

  private final List<SweepRun> steps = new ArrayList<>();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private int runsUntilStop = Integer.MAX_VALUE;

  private static double capacity(Configuration configuration) {
    return configuration.cores() == 1 ? CAPACITY / 2 : CAPACITY;
  }

  private Optional<RunSummary> measure(SweepRun step) {
    if (steps.size() == runsUntilStop) {
      return Optional.empty();
    }
    steps.add(step);
    Rate rate = step.configuration().rate();
    double capacity = capacity(step.configuration());
    return Optional.of(summary(rate.isMax() ? capacity : Math.min(rate.perSecond(), capacity)));
  }

  private static RunSummary summary(double sustained) {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    return new RunSummary(
        RunSummary.SCHEMA,
        now,
        now,
        "made-up",
        new Environment(
            "a CPU",
            2,
            24_000,
            "a JVM",
            "an OS",
            "4.2.0",
            "embedded",
            new Environment.EmbeddingSetup("OnnxRuntime", "cpu", "fp32", "all-MiniLM-L6-v2"),
            Map.of()),
        new RunSummary.Events(1000, 1000, 0, 0, 0),
        new RunSummary.Throughput(sustained, sustained, sustained, sustained, 10.0, sustained),
        new RunSummary.Latency(5000, 7000, 9000, 10_000),
        List.of(),
        new RunSummary.Embedding(0, 0, 0),
        new RunSummary.Memory(1500),
        List.of(),
        List.of(new RunSummary.Batch(1, now, 50, 1000, new RunSummary.Phases(10, 10, 30))),
        List.of(new RunSummary.Target("latency p99", "< 30.0 s", "9.0 s", true)),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private Sweep sweep(Rate rate, Bench bench) {
    return new Sweep(
        "made-up",
        SECTION,
        new Configuration(rate, 2000, 4, Duration.ofSeconds(5), 0),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        2,
        bench,
        new SweepProgress(new PrintStream(told, true, StandardCharsets.UTF_8)));
  }

  private SweepResult run(Rate rate) throws InterruptedException {
    Sweep sweep = sweep(rate, this::measure);
    assertThat(sweep.run()).isTrue();
    return sweep.result().orElseThrow();
  }

  private static List<Double> values(SweepResult result, String axis) {
    return result.runs().stream()
        .filter(run -> run.axis().equals(axis))
        .map(run -> run.number().orElseThrow())
        .toList();
  }

  @Test
  void the_highest_rate_is_found_from_what_is_sustained() throws InterruptedException {
    SweepResult result = run(Rate.MAX);

    assertThat(result.complete()).isTrue();
    assertThat(result.highestSustainedEps()).isCloseTo(CAPACITY, within(CAPACITY / 10));
    // The last one is the first once more, and takes its place.
    assertThat(values(result, "rate")).containsExactly(24_000.0, 21_900.0, 20_000.0);
    assertThat(result.runs().stream().filter(run -> run.axis().equals("rate")).map(Run::held))
        .containsExactly(false, false, true);
    assertThat(steps.get(4).duration()).isEqualTo(Duration.ofSeconds(45));
    assertThat(steps.get(4).configuration()).isEqualTo(steps.get(1).configuration());
  }

  @Test
  void a_given_rate_is_where_the_search_starts() throws InterruptedException {
    SweepResult result = run(new Rate(1000));

    assertThat(values(result, "rate")).startsWith(1000.0, 1200.0, 1730.0).hasSize(6);
  }

  @Test
  void what_holds_in_short_runs_only_is_not_the_highest() throws InterruptedException {
    Sweep sweep =
        sweep(
            new Rate(12_000),
            step -> {
              steps.add(step);
              double lasting = step.duration().toSeconds() == 45 ? 15_000 : CAPACITY;
              return Optional.of(
                  summary(Math.min(step.configuration().rate().perSecond(), lasting)));
            });
    sweep.run();

    SweepResult result = sweep.result().orElseThrow();
    assertThat(result.highestSustainedEps()).isEqualTo(14_400);
    assertThat(result.runs().stream().filter(run -> run.rate() > 15_000 && run.held())).isEmpty();
  }

  @Test
  void each_axis_changes_one_thing_and_more_cores_than_there_are_are_left_out()
      throws InterruptedException {
    SweepResult result = run(Rate.MAX);

    assertThat(values(result, "products")).containsExactly(500.0, 2000.0);
    assertThat(values(result, "partitions")).containsExactly(4.0, 8.0);
    assertThat(values(result, "trigger")).containsExactly(2.5, 10.0);
    assertThat(values(result, "cores")).containsExactly(1.0, 2.0);
    assertThat(result.runs().stream().map(Run::label)).contains("2.5 s", "10 s", "2,000");
    assertThat(steps.get(steps.size() - 1).configuration().settings())
        .containsExactly(
            "kafka.partitions=4",
            "stream.trigger=5000ms",
            "spark.master=local[1]",
            "embedding.threads=1");
  }

  @Test
  void a_configuration_that_axes_share_is_measured_once() throws InterruptedException {
    run(Rate.MAX);

    assertThat(steps).hasSize(1 + 3 + 1 + 2 + 1 + 2 + 1);
    assertThat(steps.subList(5, steps.size()).stream().map(SweepRun::configuration))
        .doesNotHaveDuplicates();
  }

  @Test
  void a_run_lasts_long_enough_for_its_trigger() throws InterruptedException {
    run(Rate.MAX);

    assertThat(steps.get(0).duration()).isEqualTo(Duration.ofSeconds(60));
    assertThat(steps.get(1).duration()).isEqualTo(Duration.ofSeconds(30));
    // One in which the rate is to be found takes a trigger more.
    assertThat(steps.get(5).duration()).isEqualTo(Duration.ofSeconds(35));
    SweepRun slow =
        steps.stream()
            .filter(step -> step.configuration().trigger().equals(Duration.ofSeconds(10)))
            .findFirst()
            .orElseThrow();
    assertThat(slow.duration()).isEqualTo(Duration.ofSeconds(70));
    assertThat(slow.warmUp()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void what_was_measured_before_a_stop_is_kept_and_said_to_be_partial()
      throws InterruptedException {
    runsUntilStop = 3;
    Sweep sweep = sweep(Rate.MAX, this::measure);

    assertThat(sweep.run()).isFalse();
    SweepResult result = sweep.result().orElseThrow();
    assertThat(result.complete()).isFalse();
    assertThat(result.runs()).hasSize(2);
    assertThat(result.highestSustainedEps()).isEqualTo(20_000);
    assertThat(table(result)).contains("This is partial");
  }

  @Test
  void what_was_measured_before_a_failure_is_kept_too() {
    Sweep sweep =
        sweep(
            Rate.MAX,
            step -> {
              if (steps.size() == 2) {
                throw new IllegalStateException("broken");
              }
              return measure(step);
            });

    assertThatThrownBy(sweep::run).hasMessage("broken");
    assertThat(sweep.result().orElseThrow().complete()).isFalse();
    assertThat(sweep.result().orElseThrow().runs()).hasSize(1);
  }

  @Test
  void where_nothing_was_measured_there_is_no_result() throws InterruptedException {
    runsUntilStop = 1;
    Sweep sweep = sweep(Rate.MAX, this::measure);

    assertThat(sweep.run()).isFalse();
    assertThat(sweep.result()).isEmpty();
  }

  @Test
  void each_run_is_announced_and_its_figures_are_told() throws InterruptedException {
    run(Rate.MAX);

    assertThat(told.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(line -> line.matches("\\[00:00] run 1 of about 11, warming up; .* 60 s; .*left"))
        .anyMatch(line -> line.matches(" +rate +24,000/s +no +20,000/s +5.0 s +9.0 s +50.0 ms"))
        .anyMatch(line -> line.contains("run 11 of about 11, cores 1 for 35 s"));
  }

  @Test
  void the_table_has_a_bar_for_each_run() throws InterruptedException {
    assertThat(table(run(Rate.MAX)).lines())
        .anyMatch(line -> line.matches("cores +1 +yes +10,000/s .* #{14}"))
        .anyMatch(line -> line.matches(" +2 +yes +20,000/s .* #{28}"))
        .anyMatch(line -> line.startsWith("highest rate that held: 20,000 events/s"));
  }

  private static String table(SweepResult result) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new SweepTable(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(result, 1000);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void the_json_has_every_field_that_reports_reads() throws IOException, InterruptedException {
    JsonNode json = new ObjectMapper().readTree(run(Rate.MAX).toJson());

    assertThat(names(json))
        .containsExactly(
            "schema",
            "kind",
            "started_at",
            "finished_at",
            "complete",
            "workload",
            "environment",
            "latency_target_ms",
            "highest_sustained_eps",
            "runs");
    assertThat(json.path("schema").asInt()).isEqualTo(1);
    assertThat(json.path("kind").asText()).isEqualTo("sweep");
    assertThat(json.path("workload").asText()).isEqualTo("made-up");
    assertThat(json.path("latency_target_ms").asLong()).isEqualTo(30_000);
    assertThat(json.at("/environment/spark").asText()).isEqualTo("4.2.0");
    assertThat(names(json.at("/runs/0")))
        .containsExactly("axis", "value", "label", "held", "summary");
    assertThat(json.at("/runs/0/value").isNumber()).isTrue();
    assertThat(json.at("/runs/0/summary/throughput_eps/sustained").asDouble()).isEqualTo(20_000);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
