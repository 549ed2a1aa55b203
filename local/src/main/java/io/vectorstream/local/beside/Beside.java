package io.vectorstream.local.beside;

import com.google.common.collect.Comparators;
import io.vectorstream.local.run.NumberText;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.TurnProgress;
import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.BesideResult.Run;
import io.vectorstream.reports.result.RunSummary;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A load that runs on the embedded services and on real ones in turns. A run before the first is
 * thrown away, because the JVM compiles in it. Each round begins with the services that the one
 * before it ended with, so that what changes slowly on the machine affects both alike.
 */
public final class Beside {
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private final String workload;
  private final long seed;
  private final Duration duration;
  private final Duration warmUp;
  private final int rounds;
  private final Bench bench;
  private final TurnProgress progress;
  private final Instant startedAt = now();
  private final List<Run> runs = new ArrayList<>();
  private boolean complete;

  /**
   * @param workload its name; null for none
   * @param seed of the load
   * @param duration how long events are sent in each run
   * @param leastDuration the shortest time in which events can be sent
   * @param rounds at least 1
   * @param out receives the progress
   */
  public Beside(
      String workload,
      long seed,
      Duration duration,
      Duration leastDuration,
      int rounds,
      Bench bench,
      PrintStream out) {
    this.workload = workload;
    this.seed = seed;
    this.duration = duration;
    this.warmUp =
        Comparators.max(leastDuration, duration.compareTo(WARM_UP) < 0 ? duration : WARM_UP);
    this.rounds = rounds;
    this.bench = bench;
    this.progress = new TurnProgress(out);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Returns the services of each run of a round, from 1. */
  private static List<ServicesKind> order(int round) {
    return round % 2 == 1
        ? List.of(ServicesKind.EMBEDDED, ServicesKind.EXTERNAL)
        : List.of(ServicesKind.EXTERNAL, ServicesKind.EMBEDDED);
  }

  /**
   * Measures everything, or as much as there is time for until the user asks to stop.
   *
   * @return whether everything was measured; {@link #result} returns the measured part, also after
   *     an exception
   */
  public boolean run() throws InterruptedException {
    say("warming up on the embedded services, thrown away", warmUp);
    complete = bench.warmUp(warmUp).isPresent() && measure();
    return complete;
  }

  private boolean measure() throws InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      for (ServicesKind services : order(round)) {
        say(
            "run %d of %d, on the %s services"
                .formatted(runs.size() + 1, 2 * rounds, words(services)),
            duration);
        Optional<RunSummary> summary = bench.measure(services);
        if (summary.isEmpty()) {
          return false;
        }
        runs.add(new Run(round, summary.get()));
        progress.measured(summary.get(), ", " + targets(summary.get()));
      }
    }
    return true;
  }

  private static String words(ServicesKind services) {
    return services == ServicesKind.EMBEDDED ? "embedded" : "real";
  }

  private void say(String what, Duration sending) {
    progress.say("%s, for %s".formatted(what, NumberText.seconds(sending)));
  }

  private static String targets(RunSummary summary) {
    if (summary.missedTarget()) {
      return "MISSED targets";
    }
    return summary.metAllTargets() ? "all targets met" : "no target missed, some not measured";
  }

  /** Returns the result so far; empty when nothing was measured. */
  public Optional<BesideResult> result() {
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BesideResult(
            BesideResult.SCHEMA,
            startedAt,
            now(),
            complete,
            workload,
            runs.get(0).summary().environment(),
            rounds,
            seed,
            List.copyOf(runs)));
  }
}
