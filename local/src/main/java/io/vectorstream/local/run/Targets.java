package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Events;
import io.vectorstream.reports.result.RunSummary.ResourceSample;
import io.vectorstream.reports.result.RunSummary.Steady;
import io.vectorstream.reports.result.RunSummary.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The targets of every run. Those of its speed are measured in its steady state; a run that had
 * none, or one too short to tell, has not measured them: they are neither met nor missed.
 */
public final class Targets {
  /** The limit of the 99th percentile of the latency. */
  public static final Duration LATENCY = Duration.ofSeconds(30);

  static final double ERROR_RATE = 0.01;
  static final long MEMORY_MB = 4096;

  /** The tolerance of the time between two batches, as a share of the trigger. */
  static final double TRIGGER_TOLERANCE = 0.1;

  /** The triggers that a load has to last for the time between batches to be judged. */
  static final int TRIGGERS_TO_JUDGE = 5;

  /** The fewest batches between which a rate is measured. */
  static final int LEAST_BATCHES = 3;

  /** The time in seconds by which the records of a batch may have come sooner than it started. */
  private static final double START_ERROR = 0.5;

  /** The duration from which on a run shows whether it uses a resource up. */
  static final Duration LONG_RUN = Duration.ofMinutes(10);

  static final long MORE_THREADS = 5;
  static final long MORE_FILE_HANDLES = 20;
  static final double MORE_HEAP = 0.2;
  static final long MORE_HEAP_MB = 100;
  static final long MORE_CHECKPOINT_KB = 1024;
  static final long MORE_CHECKPOINT_FILES = 100;

  private static final String LATENCY_P99 = "latency p99";
  private static final String LOST = "lost";
  private static final String DUPLICATES = "duplicates";
  private static final String ERRORS = "error rate";

  /** The targets that a run has to meet, beside the rate, for the rate to count as held. */
  private static final Set<String> OF_A_HELD_RATE = Set.of(LATENCY_P99, LOST, DUPLICATES, ERRORS);

  private Targets() {}

  /**
   * Says whether a rate held: latency, losses, duplicates and errors meet their targets, and after
   * the warm-up the rate was sustained.
   *
   * @param rate that was offered; of one that was to be found, nothing is asked
   */
  public static boolean hold(RunSummary run, Rate rate) {
    return run.targets().stream()
            .filter(target -> OF_A_HELD_RATE.contains(target.name()))
            .allMatch(Target::isMet)
        && (rate.isMax() || run.throughputEps().sustainedAfterWarmup() >= Load.leastRate(rate));
  }

  /**
   * @param offered events per second that were sent
   */
  static Target throughput(Load load, double offered, Steady steady) {
    String name = "throughput";
    String when = load.warmUp().isZero() ? "" : " after " + load.warmUp().toSeconds() + " s";
    String asked = ">= " + NumberText.eventsPerSecond(load.leastRate()) + when;
    if (!load.rate().isMax() && load.rate().perSecond() < load.leastRate()) {
      return new Target(name, asked, NumberText.eventsPerSecond(offered) + " offered", false);
    }
    if (steady.sustained() == null || steady.batches() < LEAST_BATCHES) {
      return Target.notMeasured(name, asked, tooShort(load.duration(), steady, LEAST_BATCHES));
    }
    double rate = steady.sustained();
    boolean isShort = steady.batches() < TRIGGERS_TO_JUDGE;
    if (isShort
        && rate < load.leastRate()
        && rate * (1 + START_ERROR / steady.seconds()) >= load.leastRate()) {
      return Target.notMeasured(
          name,
          asked,
          "%s in %s is too close to tell"
              .formatted(
                  NumberText.eventsPerSecond(rate),
                  NumberText.time(Math.round(1000 * steady.seconds()))));
    }
    return new Target(name, asked, NumberText.eventsPerSecond(rate), rate >= load.leastRate());
  }

  static Target latency(Load load, Steady steady) {
    String asked = "< " + NumberText.time(LATENCY.toMillis());
    if (steady.latencyMs() == null) {
      return Target.notMeasured(LATENCY_P99, asked, tooShort(load.duration(), steady, 2));
    }
    long p99 = steady.latencyMs().p99();
    return new Target(LATENCY_P99, asked, NumberText.time(p99), p99 < LATENCY.toMillis());
  }

  /** Returns the target of a sweep: the highest rate that held. */
  public static Target highestRate(double leastRate, double highest) {
    return new Target(
        "highest rate",
        ">= " + NumberText.eventsPerSecond(leastRate),
        NumberText.eventsPerSecond(highest),
        highest >= leastRate);
  }

  private static String tooShort(Duration sent, Steady steady, int expected) {
    return steady.batches() == 0
        ? "not steady in " + NumberText.seconds(sent)
        : "%d of %d steady batches in %s"
            .formatted(steady.batches(), expected, NumberText.seconds(sent));
  }

  static Target lost(Events counted) {
    return new Target(LOST, "0", NumberText.count(counted.lost()), counted.lost() == 0);
  }

  /**
   * Returns the target of duplicates. An event that is taken for a copy of another one is lost,
   * too, and {@code lost} would not show it: so exactly the copies that were sent must be
   * recognised.
   */
  static Target duplicates(Events counted, long sent) {
    return new Target(
        DUPLICATES,
        NumberText.count(sent) + " recognised",
        NumberText.count(counted.duplicates()),
        counted.duplicates() == sent);
  }

  /**
   * @param malformed records that were sent to become dead letters; they do not count as errors
   */
  static Target errorRate(Events counted, long malformed) {
    long errors = Math.abs(counted.lost()) + Math.max(0, counted.deadLettered() - malformed);
    double share = counted.sent() == 0 ? 1 : (double) errors / counted.sent();
    return new Target(
        ERRORS,
        "< " + NumberText.percent(ERROR_RATE),
        NumberText.percent(share),
        share < ERROR_RATE);
  }

  static Target memory(long peakRssMb) {
    return new Target(
        "peak memory",
        "<= " + NumberText.count(MEMORY_MB) + " MB",
        NumberText.count(peakRssMb) + " MB",
        peakRssMb <= MEMORY_MB);
  }

  /**
   * Returns the target of the time between batches: while the load is on, they start one trigger
   * apart. Spark's triggers fall on the multiples of the trigger since 1970. A batch that is not
   * done at the next one is followed at once, between two triggers, until a batch is done in time
   * again: such starts are late for a reason that the other targets judge. So every batch counts
   * that started on a trigger and was done before the next one.
   *
   * @param batches of the steady state
   * @param sent how long events were sent
   */
  static Target batchInterval(
      List<Batch> batches, Duration trigger, Instant loadEnd, Duration sent) {
    String name = "batch interval";
    long wanted = trigger.toMillis();
    String asked = NumberText.time(wanted) + " +- " + Math.round(100 * TRIGGER_TOLERANCE) + "%";
    if (batches.isEmpty() && sent.compareTo(SteadyState.COLD) < 0) {
      return Target.notMeasured(name, asked, "not steady in " + NumberText.seconds(sent));
    }
    long[] intervals =
        IntStream.range(1, batches.size())
            .filter(i -> !batches.get(i).startedAt().isAfter(loadEnd))
            .filter(i -> keptTime(batches.get(i - 1), wanted))
            .mapToLong(
                i ->
                    Duration.between(batches.get(i - 1).startedAt(), batches.get(i).startedAt())
                        .toMillis())
            .toArray();
    LongSummaryStatistics between = LongStream.of(intervals).summaryStatistics();
    boolean met =
        intervals.length > 0
            && between.getMin() >= wanted * (1 - TRIGGER_TOLERANCE)
            && between.getMax() <= wanted * (1 + TRIGGER_TOLERANCE);
    return new Target(
        name,
        asked,
        intervals.length == 0
            ? "no batch was done in time"
            : NumberText.time(between.getMin()) + " to " + NumberText.time(between.getMax()),
        met);
  }

  private static boolean keptTime(Batch batch, long triggerMs) {
    long afterTrigger = Math.floorMod(batch.startedAt().toEpochMilli(), triggerMs);
    return afterTrigger <= triggerMs * TRIGGER_TOLERANCE
        && afterTrigger + batch.durationMs() < triggerMs;
  }

  /**
   * Returns the targets that a long run ends with about the resources that it used when it was
   * warm. Resources that the machine does not report have no target.
   */
  static List<Target> flat(List<ResourceSample> samples) {
    List<Target> targets = new ArrayList<>();
    targets.add(
        flat(
            "flat threads",
            "<= " + NumberText.change(MORE_THREADS),
            samples,
            ResourceSample::threads,
            "",
            trend -> trend.change() <= MORE_THREADS));
    if (has(samples, ResourceSample::fileHandles)) {
      targets.add(
          flat(
              "flat file handles",
              "<= " + NumberText.change(MORE_FILE_HANDLES),
              samples,
              ResourceSample::fileHandles,
              "",
              trend -> trend.change() <= MORE_FILE_HANDLES));
    }
    targets.add(
        flat(
            "flat heap",
            "<= +%d%% or %s".formatted(Math.round(100 * MORE_HEAP), change(MORE_HEAP_MB, " MB")),
            samples,
            ResourceSample::heapMb,
            " MB",
            trend -> trend.change() <= Math.max(MORE_HEAP * trend.warm(), MORE_HEAP_MB)));
    if (has(samples, ResourceSample::checkpointFiles)) {
      targets.add(checkpoint(samples));
    }
    return targets;
  }

  private static Target checkpoint(List<ResourceSample> samples) {
    Target size =
        flat(
            "flat checkpoint",
            "<= " + change(MORE_CHECKPOINT_KB, " kB"),
            samples,
            ResourceSample::checkpointKb,
            " kB",
            trend -> trend.change() <= MORE_CHECKPOINT_KB);
    Target files =
        flat(
            "flat checkpoint",
            change(MORE_CHECKPOINT_FILES, " files"),
            samples,
            ResourceSample::checkpointFiles,
            " files",
            trend -> trend.change() <= MORE_CHECKPOINT_FILES);
    return new Target(
        size.name(),
        size.target() + ", " + files.target(),
        size.actual() + ", " + files.actual(),
        size.isMet() && files.isMet());
  }

  private static Target flat(
      String name,
      String target,
      List<ResourceSample> samples,
      Function<ResourceSample, Long> figure,
      String unit,
      Predicate<ResourceTrend> flat) {
    Optional<ResourceTrend> trend = ResourceTrend.of(samples, figure);
    return new Target(
        name,
        target,
        trend.map(t -> change(t.change(), unit)).orElse("not measured"),
        trend.filter(flat).isPresent());
  }

  private static boolean has(List<ResourceSample> samples, Function<ResourceSample, Long> figure) {
    return samples.stream().map(figure).anyMatch(Objects::nonNull);
  }

  private static String change(long change, String unit) {
    return NumberText.change(change) + unit;
  }
}
