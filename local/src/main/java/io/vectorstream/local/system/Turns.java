package io.vectorstream.local.system;

import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.run.ThisMachine;
import io.vectorstream.local.run.TurnProgress;
import io.vectorstream.reports.result.SystemsResult;
import io.vectorstream.reports.result.SystemsResult.Run;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A load that runs on several systems in turns. Each round begins with the system that the one
 * before it ended with, so that what changes slowly on the machine affects all of them alike.
 */
public final class Turns {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final List<SystemDescription> systems;
  private final SystemPlan plan;
  private final String workload;
  private final String services;
  private final Map<String, String> versions;
  private final int rounds;
  private final StopRequest stop;
  private final PrintStream out;
  private final TurnProgress progress;
  private final Instant startedAt = now();
  private final List<Run> runs = new ArrayList<>();
  private boolean complete;

  /**
   * @param workload its name; null for none
   * @param services their kind, as a result names it
   * @param versions of what takes part, by its name
   * @param rounds at least 1
   * @param out receives the progress
   */
  public Turns(
      List<SystemDescription> systems,
      SystemPlan plan,
      String workload,
      String services,
      Map<String, String> versions,
      int rounds,
      StopRequest stop,
      PrintStream out) {
    this.systems = systems;
    this.plan = plan;
    this.workload = workload;
    this.services = services;
    this.versions = versions;
    this.rounds = rounds;
    this.stop = stop;
    this.out = out;
    this.progress = new TurnProgress(out);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Measures everything, or as much as there is time for until the user asks to stop. {@link
   * #result} returns the measured part, also after an exception.
   */
  public void run() throws InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      List<SystemDescription> order = new ArrayList<>(systems);
      if (round % 2 == 0) {
        Collections.reverse(order);
      }
      for (SystemDescription system : order) {
        progress.say(
            "run %d of %d: %s".formatted(runs.size() + 1, rounds * systems.size(), system.name()));
        String name = "systems-%s-%s-%d".formatted(system.name(), NAME.format(startedAt), round);
        try (SystemRun run = new SystemRun(system, plan, name, progress::say)) {
          Optional<Run> measured = run.measure(round, stop);
          if (measured.isEmpty()) {
            return;
          }
          runs.add(measured.get());
          tell(measured.get());
        }
      }
    }
    complete = true;
  }

  private void tell(Run run) {
    out.printf(
        Locale.ROOT,
        "        %,.0f events/s stored, searchable p50 %.1f s and p99 %.1f s, %,d lost, %,d doubled, %s%n",
        run.throughputEps().stored(),
        run.searchable().latencyMs().p50() / 1000.0,
        run.searchable().latencyMs().p99() / 1000.0,
        run.events().lost(),
        run.events().doubled(),
        run.keptAllPromises() ? "all promises kept" : "BROKE a promise");
  }

  /** Returns the result so far; empty when nothing was measured. */
  public Optional<SystemsResult> result() {
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SystemsResult(
            SystemsResult.SCHEMA,
            startedAt,
            now(),
            complete,
            workload,
            ThisMachine.machine(),
            services,
            versions,
            rounds,
            plan.load().seed(),
            plan.load().rate().isMax() ? null : plan.load().rate().perSecond(),
            plan.load().duration().toMillis() / 1000.0,
            plan.load().warmUp().toMillis() / 1000.0,
            plan.killAfter() == null ? null : plan.killAfter().toMillis() / 1000.0,
            List.copyOf(runs)));
  }
}
