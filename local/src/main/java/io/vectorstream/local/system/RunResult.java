package io.vectorstream.local.system;

import io.vectorstream.generator.LoadReport;
import io.vectorstream.local.probe.LatencyCurve;
import io.vectorstream.local.system.FaultSchedule.Begun;
import io.vectorstream.local.system.SystemRun.Verdict;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.SystemsResult.Broken;
import io.vectorstream.reports.result.SystemsResult.Events;
import io.vectorstream.reports.result.SystemsResult.Phase;
import io.vectorstream.reports.result.SystemsResult.Run;
import io.vectorstream.reports.result.SystemsResult.Sightings;
import io.vectorstream.reports.result.SystemsResult.Throughput;
import io.vectorstream.reports.result.SystemsResult.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** The judgement of a run: what was measured, beside what its system promises. */
final class RunResult {
  private final SystemDescription system;
  private final SystemPlan plan;
  private final StoredGrowth growth;
  private final Instant startedAt;
  private final Instant loadEnd;

  private final List<Begun> faults;
  private final List<String> doubts;
  private final boolean hearsOfAcknowledgements;

  /** Those that were due after the warm-up. */
  private final List<WatchedEvent> watched;

  private final long early;

  RunResult(
      SystemDescription system,
      SystemPlan plan,
      StoreWatch watch,
      StoredGrowth growth,
      Instant startedAt,
      Instant loadEnd,
      List<Begun> faults,
      List<String> doubts) {
    this.system = system;
    this.plan = plan;
    this.growth = growth;
    this.startedAt = startedAt;
    this.loadEnd = loadEnd;
    this.faults = faults;
    this.doubts = doubts;
    this.hearsOfAcknowledgements = watch.hearsOfAcknowledgements();
    long from = StoreWatch.micros(startedAt.plus(plan.load().warmUp()));
    this.watched = watch.events().stream().filter(event -> event.dueMicros() >= from).toList();
    this.early = watch.events().stream().filter(WatchedEvent::isEarly).count();
  }

  /**
   * @param readyS null where the system's file does not say how that shows
   * @param recall NaN for none
   */
  Run of(
      int round,
      Double readyS,
      LoadReport report,
      Verdict verdict,
      double recall,
      Optional<Usage> usage,
      Optional<String> ended) {
    Events events = verdict.points().events(report.sent(), early);
    Run measured =
        new Run(
            round,
            system.name(),
            system.promise().inResult(),
            readyS == null ? null : rounded(readyS),
            events,
            throughput(report, events, verdict.lastGrowthS()),
            sightings(watched, WatchedEvent::isSeen, WatchedEvent::seenAfterMs),
            hearsOfAcknowledgements
                ? sightings(
                    watched, WatchedEvent::isAcknowledged, WatchedEvent::acknowledgedAfterMs)
                : null,
            verdict.sums(),
            Double.isNaN(recall) ? null : Math.round(1e4 * recall) / 1e4,
            usage.orElse(null),
            ended.orElse(null),
            List.of(),
            List.of(),
            broken(),
            phases(verdict),
            doubts);
    return judged(measured);
  }

  private Throughput throughput(LoadReport report, Events events, double lastGrowthS) {
    double loadS = seconds(startedAt, loadEnd);
    return new Throughput(
        rounded(report.eventsPerSecond()),
        rounded(growth.perSecond(plan.load().warmUp().toMillis() / 1000.0, loadS)),
        rounded(lastGrowthS > 0 ? events.stored() / lastGrowthS : 0));
  }

  private static Sightings sightings(
      List<WatchedEvent> some, Predicate<WatchedEvent> has, ToLongFunction<WatchedEvent> ms) {
    Histogram histogram = new Histogram(3);
    some.stream().filter(has).forEach(event -> histogram.recordValue(ms.applyAsLong(event)));
    return new Sightings(
        some.size(), some.stream().filter(has.negate()).count(), LatencyCurve.summary(histogram));
  }

  private List<Broken> broken() {
    if (faults.isEmpty()) {
      return List.of();
    }
    long usual = Recovery.usualMs(watched, Long.MIN_VALUE, StoreWatch.micros(faults.get(0).at()));
    return faults.stream().map(fault -> broken(fault, usual)).toList();
  }

  private Broken broken(Begun fault, long usual) {
    OptionalDouble recovered =
        Recovery.seconds(watched, usual, StoreWatch.micros(fault.at()), StoreWatch.micros(loadEnd));
    return new Broken(
        fault.planned().fault().inWords(),
        plan.phases() == null ? null : plan.phases().phases().get(fault.planned().phase()).name(),
        rounded(seconds(startedAt, fault.at())),
        rounded(fault.planned().fault().lasts().toMillis() / 1000.0),
        recovered.isPresent() ? recovered.getAsDouble() : null,
        usual);
  }

  private List<Phase> phases(Verdict verdict) {
    List<Phase> phases = new ArrayList<>();
    for (int i = 0; plan.phases() != null && i < plan.phases().phases().size(); i++) {
      Duration begin = plan.phases().begin(i);
      Duration lasts = plan.phases().phases().get(i).duration();
      long from = StoreWatch.micros(startedAt.plus(begin));
      long to = StoreWatch.micros(startedAt.plus(begin).plus(lasts));
      long[] dueAndLost = verdict.points().dueAndLost(from, to);
      phases.add(
          new Phase(
              plan.phases().phases().get(i).name(),
              rounded(begin.toMillis() / 1000.0),
              rounded(lasts.toMillis() / 1000.0),
              dueAndLost[0],
              dueAndLost[1],
              sightings(
                  watched.stream()
                      .filter(event -> event.dueMicros() >= from && event.dueMicros() < to)
                      .toList(),
                  WatchedEvent::isSeen,
                  WatchedEvent::seenAfterMs)));
    }
    return phases;
  }

  private Run judged(Run run) {
    List<Target> kept = new ArrayList<>();
    List<String> not = new ArrayList<>();
    Events events = run.events();
    judge(system.promise().forbidsLoss(), "none lost", events.lost(), events.valid(), kept, not);
    judge(
        system.promise().forbidsDoubling(),
        "none doubled",
        events.doubled(),
        events.stored(),
        kept,
        not);
    judge(
        hearsOfAcknowledgements && system.promise().forbidsLoss(),
        "none early",
        events.early(),
        run.searchable().watched(),
        kept,
        not);
    judge(
        !system.points().fields().isEmpty(),
        "fields right",
        events.damaged(),
        events.stored(),
        kept,
        not);
    judge(
        run.sums() != null,
        "sums right",
        run.sums() == null ? 0 : run.sums().wrong(),
        run.sums() == null ? 0 : run.sums().checked(),
        kept,
        not);
    for (int i = 0; i < run.phases().size(); i++) {
      kept.addAll(
          PhaseTargets.of(plan.phases().phases().get(i), run.phases().get(i), run.faults()));
    }
    return new Run(
        run.round(),
        run.system(),
        run.promise(),
        run.readyS(),
        events,
        run.throughputEps(),
        run.searchable(),
        run.acknowledged(),
        run.sums(),
        run.recall(),
        run.process(),
        run.ended(),
        kept,
        not,
        run.faults(),
        run.phases(),
        run.doubts());
  }

  private static void judge(
      boolean promised, String name, long faults, long of, List<Target> kept, List<String> not) {
    if (promised) {
      kept.add(
          new Target(
              name,
              "0 of %s".formatted(count(of)),
              "%s of %s".formatted(count(faults), count(of)),
              faults == 0));
    } else {
      not.add(name);
    }
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private static double rounded(double value) {
    return Math.round(10 * value) / 10.0;
  }
}
