package io.vectorstream.local.sweep;

import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.RateController;
import io.vectorstream.local.run.RunSummary;
import io.vectorstream.local.run.Targets;
import io.vectorstream.local.sweep.SweepResult.Run;
import io.vectorstream.local.workload.SweepSection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs a workload again and again: first to warm the JVM up, then at one rate after the other until
 * the highest is found that holds, then with one thing changed after the other. A configuration is
 * measured once, however many axes it is on.
 */
public final class Sweep {
  /** Where the search for what can be sustained starts, as a share of what was sustained before. */
  private static final double CAUTION = 0.7;

  private final String workload;
  private final SweepSection section;
  private final Configuration base;
  private final Duration duration;
  private final Duration warmUp;
  private final Bench bench;
  private final SweepProgress progress;
  private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private final Map<Configuration, RunSummary> measured = new HashMap<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<AxisValue> axes;
  private Optional<RateSearch> search = Optional.empty();
  private double firstRate = RateController.START;
  private boolean warm;
  private boolean complete;

  private record AxisValue(Axis axis, double value, String label, Configuration configuration) {}

  /**
   * @param workload its name
   * @param base what is run, but for what is varied
   * @param duration of each run, at least
   * @param warmUp of each run, at least
   * @param coresOfMachine more are not tried
   */
  public Sweep(
      String workload,
      SweepSection section,
      Configuration base,
      Duration duration,
      Duration warmUp,
      int coresOfMachine,
      Bench bench,
      SweepProgress progress) {
    this.workload = workload;
    this.section = section;
    this.base = base;
    this.duration = duration;
    this.warmUp = warmUp;
    this.bench = bench;
    this.progress = progress;
    this.axes = axes(coresOfMachine);
  }

  private List<AxisValue> axes(int coresOfMachine) {
    List<AxisValue> values = new ArrayList<>();
    add(values, Axis.PRODUCTS, section.products(), Labels::count, base::withProducts);
    add(values, Axis.PARTITIONS, section.partitions(), Labels::count, base::withPartitions);
    section
        .triggers()
        .forEach(
            trigger ->
                values.add(
                    new AxisValue(
                        Axis.TRIGGER,
                        trigger.toMillis() / 1000.0,
                        Labels.seconds(trigger),
                        base.withTrigger(trigger))));
    add(
        values,
        Axis.CORES,
        section.cores().stream().filter(cores -> cores <= coresOfMachine).toList(),
        Labels::count,
        // All cores are what the settings say anyway, unless somebody has changed them.
        cores -> base.cores() == 0 && cores == coresOfMachine ? base : base.withCores(cores));
    return values;
  }

  private static void add(
      List<AxisValue> values,
      Axis axis,
      List<Integer> ofAxis,
      Function<Integer, String> label,
      Function<Integer, Configuration> configuration) {
    ofAxis.forEach(
        value ->
            values.add(new AxisValue(axis, value, label.apply(value), configuration.apply(value))));
  }

  /**
   * Measures everything, or what there is time for until somebody asks to stop.
   *
   * @return whether everything was measured; {@link #result} has what was, also after an exception
   */
  public boolean run() throws InterruptedException {
    complete = warmUp() && search() && axes();
    return complete;
  }

  /** The JVM compiles what is busy: figures of its first minute are its own. */
  private boolean warmUp() throws InterruptedException {
    Step step = Step.of(base, section.warmup(), section.warmup().dividedBy(2), firstRate);
    Optional<RunSummary> summary = measure(step, "warming up; its figures are thrown away");
    summary
        .map(Sweep::sustained)
        .filter(rate -> rate > 0)
        .ifPresent(rate -> firstRate = CAUTION * rate);
    warm = summary.isPresent();
    return warm;
  }

  /** After the warm-up, or, where a run is too short to tell, over all of it. */
  private static double sustained(RunSummary summary) {
    RunSummary.Throughput rates = summary.throughputEps();
    return rates.sustainedAfterWarmup() > 0 ? rates.sustainedAfterWarmup() : rates.withDrain();
  }

  private boolean search() throws InterruptedException {
    double start = base.rate().perSecond();
    if (base.rate().isMax()) {
      Optional<RunSummary> sustained = measure(base, "as many events as it sustains");
      if (sustained.isEmpty()) {
        return false;
      }
      start = RateSearch.rounded(sustained(sustained.get()));
    }
    RateSearch rates = new RateSearch(start, section.tolerance(), section.rates());
    search = Optional.of(rates);
    for (Optional<Rate> rate = rates.next(); rate.isPresent(); rate = rates.next()) {
      String label = Labels.perSecond(rate.get().perSecond());
      Optional<RunSummary> summary = measure(base.withRate(rate.get()), label);
      if (summary.isEmpty()) {
        return false;
      }
      boolean held = summary.get().holds(rate.get());
      rates.tried(held);
      add(new Run(Axis.RATE.inResult(), rate.get().perSecond(), label, held, summary.get()));
    }
    return true;
  }

  private boolean axes() throws InterruptedException {
    for (AxisValue value : axes) {
      String name = value.axis().inResult();
      Optional<RunSummary> summary = measure(value.configuration(), name + " " + value.label());
      if (summary.isEmpty()) {
        return false;
      }
      boolean held = summary.get().holds(base.rate());
      add(new Run(name, value.value(), value.label(), held, summary.get()));
    }
    return true;
  }

  private void add(Run run) {
    runs.add(run);
    progress.measured(run);
  }

  private Optional<RunSummary> measure(Configuration configuration, String label)
      throws InterruptedException {
    RunSummary known = measured.get(configuration);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<RunSummary> summary =
        measure(Step.of(configuration, duration, warmUp, firstRate), label);
    summary.ifPresent(found -> measured.put(configuration, found));
    return summary;
  }

  private Optional<RunSummary> measure(Step step, String label) throws InterruptedException {
    progress.starting(label, step, toCome());
    Optional<RunSummary> summary = bench.measure(step);
    summary.ifPresent(found -> progress.finished());
    return summary;
  }

  /** How long events will be sent in each of the runs that are probably still to come. */
  private List<Duration> toCome() {
    Duration usual = Step.of(base, duration, warmUp, firstRate).duration();
    List<Duration> steps = new ArrayList<>();
    if (!warm) {
      steps.add(section.warmup());
    }
    if (search.isEmpty()) {
      // A rate, one that is too high, and one between them; and before them, what is sustained.
      steps.addAll(List.of(usual, usual, usual));
    } else {
      for (int i = 0; i < search.get().expected(); i++) {
        steps.add(usual);
      }
    }
    axes.stream()
        .map(AxisValue::configuration)
        .distinct()
        .filter(configuration -> !measured.containsKey(configuration))
        .forEach(
            configuration ->
                steps.add(Step.of(configuration, duration, warmUp, firstRate).duration()));
    return steps;
  }

  /** What is known by now; empty when nothing was measured. */
  public Optional<SweepResult> result() {
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SweepResult(
            SweepResult.SCHEMA,
            SweepResult.KIND,
            startedAt,
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            complete,
            workload,
            runs.get(0).summary().environment(),
            Targets.LATENCY.toMillis(),
            search.map(RateSearch::highestHeld).orElse(0.0),
            List.copyOf(runs)));
  }
}
