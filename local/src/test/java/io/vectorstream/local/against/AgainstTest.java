package io.vectorstream.local.against;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.reports.compare.PairedComparison;
import io.vectorstream.reports.compare.PairedFigure;
import io.vectorstream.reports.compare.Verdict;
import io.vectorstream.reports.result.AgainstResult;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.RunSummary;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgainstTest {
  private final List<String> done = new ArrayList<>();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private double speedOfThis = 1;
  private int runsUntilStop = Integer.MAX_VALUE;
  private int runsUntilFailure = Integer.MAX_VALUE;
  private boolean met = true;

  /** A machine that gets slower from run to run. */
  private Optional<RunSummary> measure(String build, int run) {
    if (done.size() == runsUntilStop) {
      return Optional.empty();
    }
    if (done.size() == runsUntilFailure) {
      throw new IllegalStateException("broken");
    }
    done.add(build);
    double machine = 20_000 - 1_000.0 * (run / 2);
    return Optional.of(summary(build, run, machine * (build.equals("this") ? speedOfThis : 1)));
  }

  private RunSummary summary(String build, int run, double rate) {
    Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(60L * run);
    return new RunSummary(
        RunSummary.SCHEMA,
        at,
        at.plusSeconds(60),
        null,
        new Environment("a CPU", 2, 24_000, build, "an OS", "4.2.0", "embedded", null, Map.of()),
        new RunSummary.Events(1000, 1000, 0, 0, 0),
        new RunSummary.Throughput(2000, rate, 9000, 0.0, 0.0, 1800.0),
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

  private Against against(int pairs) {
    return new Against(
        "made-up",
        "v1",
        7,
        Duration.ofSeconds(40),
        pairs,
        this::measure,
        new PrintStream(told, true, StandardCharsets.UTF_8));
  }

  private AgainstResult result(int pairs) throws InterruptedException {
    Against against = against(pairs);
    assertThat(against.run()).isTrue();
    return against.result().orElseThrow();
  }

  private static PairedFigure rate(AgainstResult result) {
    return PairedComparison.of(result, 0.05).figures().stream()
        .filter(figure -> figure.name().equals("sustained rate"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_builds_take_turns_and_change_places_with_each_pair() throws InterruptedException {
    AgainstResult result = result(3);

    assertThat(done).containsExactly("other", "this", "this", "other", "other", "this");
    assertThat(result.runs()).extracting(AgainstResult.Run::pair).containsExactly(1, 1, 2, 2, 3, 3);
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("run 1 of 6, v1, for 40 s", "run 2 of 6, this build, for 40 s");
  }

  @Test
  void a_machine_that_gets_slower_makes_no_build_worse() throws InterruptedException {
    PairedFigure figure = rate(result(4));

    assertThat(figure.verdict()).isEqualTo(Verdict.WITHIN_NOISE);
    assertThat(figure.ratio().orElseThrow().low()).isLessThan(1);
    assertThat(figure.ratio().orElseThrow().high()).isGreaterThan(1);
  }

  @Test
  void a_build_that_is_slower_is_found_out_with_its_ratio() throws InterruptedException {
    speedOfThis = 0.8;
    PairedFigure figure = rate(result(4));

    assertThat(figure.verdict()).isEqualTo(Verdict.REGRESSION);
    assertThat(figure.ratio().orElseThrow().ratio()).isBetween(0.76, 0.84);
    assertThat(figure.ratio().orElseThrow().high()).isLessThan(1);
  }

  @Test
  void a_target_that_this_build_missed_counts() throws InterruptedException {
    met = false;
    assertThat(result(1).isIncompleteOrMissed()).isTrue();
  }

  @Test
  void what_was_measured_before_a_stop_or_a_failure_is_kept_and_said_to_be_partial()
      throws InterruptedException {
    runsUntilStop = 3;
    Against stopped = against(2);
    assertThat(stopped.run()).isFalse();
    assertThat(stopped.result().orElseThrow().complete()).isFalse();
    assertThat(rate(stopped.result().orElseThrow()).now()).hasSize(1);

    done.clear();
    runsUntilFailure = 2;
    Against failed = against(2);
    assertThatThrownBy(failed::run).hasMessage("broken");
    assertThat(failed.result().orElseThrow().runs()).hasSize(2);
  }
}
