package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.local.probe.LoadProbes.Findings;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Fresh;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.SearchLoadResult;
import io.vectorstream.reports.result.Searchable;
import io.vectorstream.reports.result.Searchable.Sightings;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Recall;
import io.vectorstream.reports.result.Searches.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeTargetsTest {

  private static RunSummary.Latency p99(long ms) {
    return new RunSummary.Latency(1, 1, ms, ms);
  }

  private static Findings found(Long click, Long event, Long product) {
    return new Findings(
        new Fresh(100, 1, click, 50, p99(250), List.of(), p99(1), 0L),
        new Searchable(
            new Sightings(100, 0, event, p99(12_000), List.of()),
            new Sightings(20, 0, product, p99(14_000), List.of())),
        null);
  }

  @Test
  void what_was_asked_of_an_action_is_judged_and_nothing_else() {
    assertThat(ProbeTargets.of(found(null, null, null))).isEmpty();
    assertThat(ProbeTargets.of(found(300L, 12_000L, 13_000L)))
        .containsExactly(
            new Target("fresh p99", "<= 300 ms", "250 ms", true),
            new Target("event stored p99", "<= 12.0 s", "12.0 s", true),
            new Target("product found p99", "<= 13.0 s", "14.0 s", false));
    assertThat(ProbeTargets.of(Findings.NONE)).isEmpty();
  }

  @Test
  void actions_that_were_not_sent_do_not_meet_a_target() {
    Findings none =
        new Findings(
            new Fresh(0, 0, 300L, 50, p99(0), List.of(), p99(1), 0L),
            new Searchable(
                new Sightings(0, 0, null, p99(0), List.of()),
                new Sightings(0, 0, null, p99(0), List.of())),
            null);

    assertThat(ProbeTargets.of(none))
        .containsExactly(new Target("fresh p99", "<= 300 ms", "not measured", false));
  }

  @Test
  void actions_that_were_never_seen_do_not_meet_a_target_above_the_patience() {
    Findings unseen =
        new Findings(
            new Fresh(100, 2, 10_000L, 50, p99(5000), List.of(), p99(1), 0L),
            new Searchable(
                new Sightings(100, 2, 60_000L, p99(20_000), List.of()),
                new Sightings(100, 1, 60_000L, p99(20_000), List.of())),
            null);

    assertThat(ProbeTargets.of(unseen))
        .containsExactly(
            new Target("fresh p99", "<= 10.0 s", "more than 5.0 s", false),
            new Target("event stored p99", "<= 60.0 s", "more than 20.0 s", false),
            new Target("product found p99", "<= 60.0 s", "20.0 s", true));
  }

  @Test
  void searches_that_find_nothing_are_not_shown_to_be_fast() {
    for (Step nothing : List.of(step(40, 1, 0, 100), step(40, 0, 100, 0), step(40, 1, 60, 40))) {
      assertThat(targets(null, null, step(20, 10, 0), nothing))
          .contains(new Target("search p99", "<= 50.0 ms", "nothing was found at 40/s", false));
    }
    assertThat(targets(null, null, step(20, 10, 0), step(40, 20, 0, 99)))
        .contains(new Target("search p99", "<= 50.0 ms", "20.0 ms at 40/s", true));
  }

  private static Step step(double rate, double p99, long failed) {
    return step(rate, p99, failed, 0);
  }

  private static Step step(double rate, double p99, long failed, long withoutResult) {
    Figures figures =
        new Figures(
            100,
            rate,
            failed,
            withoutResult,
            Map.of(),
            new SearchLoadResult.Latency(1, 1, 1, p99, p99, p99));
    return new Step(rate, 30, figures, Map.of("text", figures));
  }

  private static List<Target> targets(Double upTo, List<Recall> recall, Step... steps) {
    return ProbeTargets.of(
        new Findings(
            null,
            null,
            new Searches(
                1000,
                50.0,
                upTo,
                recall == null ? null : 0.95,
                List.of(steps),
                recall,
                recall == null || !recall.isEmpty() ? null : "it is not allowed")));
  }

  @Test
  void the_slowest_rate_counts() {
    assertThat(targets(null, null, step(20, 49.9, 0), step(40, 50, 0), step(80, 30, 0)))
        .containsExactly(
            new Target("search p99", "<= 50.0 ms", "50.0 ms at 40/s", true),
            new Target("failed searches", "0", "0", true));
    assertThat(targets(null, null, step(20, 10, 1), step(40, 50.1, 2)))
        .containsExactly(
            new Target("search p99", "<= 50.0 ms", "50.1 ms at 40/s", false),
            new Target("failed searches", "0", "3", false));
  }

  @Test
  void rates_above_the_one_that_is_named_are_not_judged() {
    assertThat(targets(40.0, null, step(20, 10, 0), step(40, 20, 0), step(80, 900, 9)))
        .containsExactly(
            new Target("search p99", "<= 50.0 ms up to 40/s", "20.0 ms at 40/s", true),
            new Target("failed searches", "0 up to 40/s", "0", true));
  }

  @Test
  void the_lowest_recall_counts_and_one_that_was_not_measured_is_missed() {
    List<Recall> measured =
        List.of(new Recall("text", 100, 10, 0.99), new Recall("vector", 100, 10, 0.949));
    assertThat(targets(null, measured, step(1, 1, 0)))
        .contains(new Target("search recall@10", ">= 0.950", "0.949, vector", false));
    assertThat(targets(null, measured.subList(0, 1), step(1, 1, 0)))
        .contains(new Target("search recall@10", ">= 0.950", "0.990, text", true));
    assertThat(targets(null, List.of(), step(1, 1, 0)))
        .contains(
            new Target("search recall@10", ">= 0.950", "not measured: it is not allowed", false));
  }

  @Test
  void without_a_step_nothing_is_shown_to_be_fast() {
    assertThat(targets(null, null)).isNotEmpty().noneMatch(Target::met);
  }
}
