package io.vectorstream.local.against;

import io.vectorstream.local.run.NumberText;
import io.vectorstream.local.run.TurnProgress;
import io.vectorstream.reports.result.AgainstResult;
import io.vectorstream.reports.result.AgainstResult.Run;
import io.vectorstream.reports.result.RunSummary;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A load that runs on two builds in turns: A B, B A, A B, and so on. So what changes slowly on the
 * machine affects both alike.
 */
public final class Against {
  private final String workload;
  private final String other;
  private final long seed;
  private final Duration duration;
  private final int pairs;
  private final Bench bench;
  private final TurnProgress progress;
  private final Instant startedAt = now();
  private final List<Run> runs = new ArrayList<>();
  private boolean complete;

  /**
   * @param workload its name; null for none
   * @param other the name of the other build
   * @param seed of the load
   * @param duration how long events are sent in each run
   * @param pairs at least 1
   * @param out receives the progress
   */
  public Against(
      String workload,
      String other,
      long seed,
      Duration duration,
      int pairs,
      Bench bench,
      PrintStream out) {
    this.workload = workload;
    this.other = other;
    this.seed = seed;
    this.duration = duration;
    this.pairs = pairs;
    this.bench = bench;
    this.progress = new TurnProgress(out);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private static List<String> order(int pair) {
    return pair % 2 == 1
        ? List.of(AgainstResult.OTHER, AgainstResult.THIS)
        : List.of(AgainstResult.THIS, AgainstResult.OTHER);
  }

  /**
   * Measures everything, or as much as there is time for until the user asks to stop.
   *
   * @return whether everything was measured; {@link #result} returns the measured part, also after
   *     an exception
   */
  public boolean run() throws InterruptedException {
    for (int pair = 1; pair <= pairs; pair++) {
      for (String build : order(pair)) {
        progress.say(
            "run %d of %d, %s, for %s"
                .formatted(
                    runs.size() + 1,
                    2 * pairs,
                    build.equals(AgainstResult.THIS) ? "this build" : other,
                    NumberText.seconds(duration)));
        Optional<RunSummary> summary = bench.measure(build, runs.size() + 1);
        if (summary.isEmpty()) {
          return false;
        }
        runs.add(new Run(pair, build, summary.get()));
        progress.measured(summary.get(), summary.get().missedTarget() ? ", MISSED targets" : "");
      }
    }
    complete = true;
    return true;
  }

  /** Returns the result so far; empty when nothing of this build was measured. */
  public Optional<AgainstResult> result() {
    return runs.stream()
        .filter(run -> run.build().equals(AgainstResult.THIS))
        .findFirst()
        .map(
            first ->
                new AgainstResult(
                    AgainstResult.SCHEMA,
                    startedAt,
                    now(),
                    complete,
                    workload,
                    first.summary().environment(),
                    other,
                    pairs,
                    seed,
                    List.copyOf(runs)));
  }
}
