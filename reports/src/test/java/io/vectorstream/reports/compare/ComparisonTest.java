package io.vectorstream.reports.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.Fixtures;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final double TOLERANCE = 0.05;

  @TempDir private Path folder;

  private static Comparison compare(List<ResultFile> before, Path now) {
    return Comparison.of(List.of(before), ResultReader.read(List.of(now)), TOLERANCE);
  }

  private static Verdict verdict(Comparison comparison, String name) {
    return comparison.changes().stream()
        .filter(change -> change.name().contains(name))
        .findFirst()
        .orElseThrow()
        .verdict();
  }

  @Test
  void two_runs_of_the_same_load_differ_within_noise() {
    Comparison comparison = compare(Fixtures.read("demo.json"), Fixtures.file("demo-again.json"));

    assertThat(comparison.changes()).hasSize(11);
    assertThat(comparison.hasRegression()).isFalse();
    assertThat(comparison.with(Verdict.IMPROVEMENT)).isEmpty();
  }

  @Test
  void batches_that_all_take_several_times_as_long_are_a_regression() {
    Comparison comparison =
        compare(Fixtures.read("demo.json"), Fixtures.slower("demo.json", folder, 6));

    assertThat(verdict(comparison, "duration of a batch")).isEqualTo(Verdict.REGRESSION);
    assertThat(verdict(comparison, "rate within a batch")).isEqualTo(Verdict.REGRESSION);
    assertThat(verdict(comparison, "latency p50")).isEqualTo(Verdict.WITHIN_NOISE);
    assertThat(verdict(comparison, "peak memory")).isEqualTo(Verdict.NOT_JUDGED);
  }

  @Test
  void the_other_way_round_it_is_an_improvement() {
    Comparison comparison =
        Comparison.of(
            List.of(ResultReader.read(List.of(Fixtures.slower("demo.json", folder, 6)))),
            Fixtures.read("demo.json"),
            TOLERANCE);

    assertThat(verdict(comparison, "duration of a batch")).isEqualTo(Verdict.IMPROVEMENT);
    assertThat(comparison.hasRegression()).isFalse();
  }

  @Test
  void one_lost_event_is_a_regression() {
    Path lossy =
        Fixtures.<ObjectNode>changed(
            "demo.json", folder, run -> ((ObjectNode) run.path("events")).put("lost", 1));

    Comparison comparison = compare(Fixtures.read("demo.json"), lossy);

    assertThat(comparison.with(Verdict.REGRESSION))
        .singleElement()
        .extracting(FigureChange::name)
        .isEqualTo("lost events");
  }

  private Path jmh(double factor) {
    return Fixtures.<ArrayNode>changed(
        "jmh.json",
        folder,
        benchmarks -> {
          for (JsonNode each : benchmarks) {
            ObjectNode metric = (ObjectNode) each.path("primaryMetric");
            metric.put("score", metric.path("score").asDouble() * factor);
          }
        });
  }

  @Test
  void jmh_scores_count_when_their_confidence_intervals_do_not_overlap() {
    Comparison comparison = compare(Fixtures.read("jmh.json"), jmh(0.6));

    assertThat(verdict(comparison, "int8")).isEqualTo(Verdict.REGRESSION);
    // Its interval is more than twice as wide as its score.
    assertThat(verdict(comparison, "products=100000")).isEqualTo(Verdict.WITHIN_NOISE);
  }

  @Test
  void jmh_scores_whose_confidence_intervals_overlap_do_not_count() {
    assertThat(compare(Fixtures.read("jmh.json"), jmh(0.97)).hasRegression()).isFalse();
  }

  @Test
  void a_change_below_the_tolerance_never_counts() {
    Comparison comparison =
        Comparison.of(
            List.of(Fixtures.read("jmh.json")), ResultReader.read(List.of(jmh(0.6))), 0.5);

    assertThat(comparison.hasRegression()).isFalse();
  }

  private Path ladder(double factor, int iterations) {
    return Fixtures.<ObjectNode>changed(
        "ladder.json",
        folder,
        ladder -> {
          for (JsonNode step : ladder.path("steps")) {
            ObjectNode rates = (ObjectNode) step.path("events_per_second");
            double rate = rates.path("median").asDouble() * factor;
            rates.put("median", rate).put("lowest", rate * 0.99).put("highest", rate * 1.01);
            ArrayNode values = rates.putArray("iterations");
            for (int i = 0; i < iterations; i++) {
              values.add(rate);
            }
          }
        });
  }

  @Test
  void steps_count_when_the_ranges_of_enough_iterations_are_apart() {
    List<ResultFile> before = ResultReader.read(List.of(ladder(1, 3)));

    assertThat(verdict(compare(before, ladder(0.8, 3)), "int8")).isEqualTo(Verdict.REGRESSION);
    assertThat(verdict(compare(before, ladder(0.99, 3)), "int8")).isEqualTo(Verdict.WITHIN_NOISE);
    assertThat(verdict(compare(before, ladder(0.8, 2)), "int8")).isEqualTo(Verdict.NOT_JUDGED);
  }

  private Path sweep(double highest, int missed) {
    return Fixtures.<ObjectNode>changed(
        "sweep.json",
        folder,
        sweep -> {
          sweep.put("highest_sustained_eps", highest);
          ((ObjectNode) sweep.path("runs").path(1)).put("value", missed);
        });
  }

  @Test
  void the_highest_rate_of_a_sweep_is_known_up_to_the_next_rate() {
    List<ResultFile> before = ResultReader.read(List.of(sweep(3000, 3500)));

    assertThat(verdict(compare(before, sweep(2500, 3000)), "highest sustained rate"))
        .isEqualTo(Verdict.WITHIN_NOISE);
    assertThat(verdict(compare(before, sweep(2000, 2500)), "highest sustained rate"))
        .isEqualTo(Verdict.REGRESSION);
    assertThat(verdict(compare(before, sweep(4000, 4500)), "highest sustained rate"))
        .isEqualTo(Verdict.IMPROVEMENT);
  }

  @Test
  void figures_of_another_machine_are_not_judged() {
    Path elsewhere =
        Fixtures.<ObjectNode>changed(
            "demo.json",
            folder,
            run -> {
              ((ObjectNode) run.path("environment")).put("cores", 64);
              ((ObjectNode) run.path("events")).put("lost", 5);
            });

    Comparison comparison = compare(Fixtures.read("demo.json"), elsewhere);

    assertThat(comparison.changes())
        .isNotEmpty()
        .allMatch(change -> change.verdict() == Verdict.OTHER_MACHINE);
    assertThat(comparison.hasRegression()).isFalse();
  }

  @Test
  void runs_under_another_load_are_not_compared() {
    Path faster =
        Fixtures.<ObjectNode>changed(
            "demo.json",
            folder,
            run -> ((ObjectNode) run.path("throughput_eps")).put("offered", 5000));

    Comparison comparison = compare(Fixtures.read("demo.json"), faster);

    assertThat(comparison.changes()).isEmpty();
    assertThat(comparison.missing()).isEqualTo(comparison.added()).isPositive();
  }

  private List<ResultFile> slower(double factor) {
    return ResultReader.read(List.of(Fixtures.slower("demo.json", folder, factor)));
  }

  @Test
  void what_earlier_runs_differ_by_is_noise() {
    List<List<ResultFile>> before = List.of(Fixtures.read("demo.json"), slower(6));

    Comparison asSlow = Comparison.of(before, slower(6.5), TOLERANCE);
    Comparison slowest = Comparison.of(before, slower(60), TOLERANCE);

    assertThat(verdict(asSlow, "duration of a batch")).isEqualTo(Verdict.WITHIN_NOISE);
    assertThat(verdict(slowest, "duration of a batch")).isEqualTo(Verdict.REGRESSION);
    assertThat(verdict(slowest, "lost events")).isEqualTo(Verdict.WITHIN_NOISE);
  }

  @Test
  void the_value_before_is_the_mean_of_all_earlier_ones_but_each_file_counts_once() {
    List<ResultFile> first = ResultReader.read(List.of(ladder(1, 3)));
    List<ResultFile> second = ResultReader.read(List.of(ladder(2, 3)));
    List<ResultFile> third = ResultReader.read(List.of(ladder(6, 3)));

    Comparison comparison = Comparison.of(List.of(first, second, third, third), first, TOLERANCE);

    assertThat(comparison.changes())
        .isNotEmpty()
        .allSatisfy(
            change ->
                assertThat(change.valueBefore()).isCloseTo(3 * change.valueNow(), within(1e-6)));
  }

  /** Returns a run on so many cores, and JMH results, which do not record their machine. */
  private List<ResultFile> measuredOn(int cores, double jmhFactor) {
    Path run =
        Fixtures.<ObjectNode>changed(
            "demo.json",
            folder,
            summary -> ((ObjectNode) summary.path("environment")).put("cores", cores));
    return ResultReader.read(List.of(run, jmh(jmhFactor)));
  }

  @Test
  void of_several_earlier_results_those_of_the_same_machine_count() {
    List<ResultFile> fast = measuredOn(64, 1);
    List<ResultFile> slow = measuredOn(2, 0.6);

    Comparison withFast = Comparison.of(List.of(fast), slow, TOLERANCE);
    Comparison withBoth = Comparison.of(List.of(fast, measuredOn(2, 0.61)), slow, TOLERANCE);

    assertThat(verdict(withFast, "int8")).isEqualTo(Verdict.OTHER_MACHINE);
    assertThat(withBoth.with(Verdict.OTHER_MACHINE)).isEmpty();
    assertThat(verdict(withBoth, "int8")).isEqualTo(Verdict.WITHIN_NOISE);
    assertThat(withBoth.missing()).isZero();
    assertThat(withBoth.added()).isZero();
  }
}
