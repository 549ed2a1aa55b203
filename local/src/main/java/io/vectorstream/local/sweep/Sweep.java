package io.vectorstream.local.sweep;

import com.google.common.collect.Comparators;
import io.vectorstream.local.run.NumberText;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.Targets;
import io.vectorstream.local.workload.SweepSettings;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.SweepResult;
import io.vectorstream.reports.result.SweepResult.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * A sweep: it runs a workload again and again, first to warm the JVM up, then at one rate after the
 * other until the highest is found that holds, then with one parameter changed after the other. A
 * configuration is measured once, however many axes it is on, and only after the search: until
 * then, each run is still a little faster than the one before it.
 */
public final class Sweep {
  private final String workload;
  private final SweepSettings section;
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
  private double firstRate;
  private boolean warm;
  private boolean confirmed;
  private boolean complete;

  private record AxisValue(
      SweepAxis axis, double value, String label, Configuration configuration) {}

  /**
   * @param workload its name
   * @param base the configuration without changes
   * @param duration of each run, at least
   * @param warmUp of each run, at least
   * @param coresOfMachine the most cores that are tried
   */
  public Sweep(
      String workload,
      SweepSettings section,
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
    add(values, SweepAxis.PRODUCTS, section.products(), NumberText::count, base::withProducts);
    add(
        values,
        SweepAxis.PARTITIONS,
        section.partitions(),
        NumberText::count,
        base::withPartitions);
    section
        .trigger()
        .forEach(
            trigger ->
                values.add(
                    new AxisValue(
                        SweepAxis.TRIGGER,
                        trigger.toMillis() / 1000.0,
                        NumberText.seconds(trigger),
                        base.withTrigger(trigger))));
    add(
        values,
        SweepAxis.CORES,
        section.cores().stream().filter(cores -> cores <= coresOfMachine).toList(),
        NumberText::count,
        // The settings use all cores anyway, unless the user has changed them.
        cores -> base.cores() == 0 && cores == coresOfMachine ? base : base.withCores(cores));
    return values;
  }

  private static void add(
      List<AxisValue> values,
      SweepAxis axis,
      List<Integer> ofAxis,
      Function<Integer, String> label,
      Function<Integer, Configuration> configuration) {
    ofAxis.forEach(
        value ->
            values.add(new AxisValue(axis, value, label.apply(value), configuration.apply(value))));
  }

  /**
   * Measures everything, or as much as there is time for until the user asks to stop.
   *
   * @return whether everything was measured; {@link #result} returns the measured part, also after
   *     an exception
   */
  public boolean run() throws InterruptedException {
    complete = warmUp() && search() && confirm() && axes();
    return complete;
  }

  /** Runs once, because the JVM compiles at first; returns false if the user asked to stop. */
  private boolean warmUp() throws InterruptedException {
    SweepRun step = SweepRun.of(base, section.warmup(), section.warmup().dividedBy(2));
    Optional<RunSummary> summary = measure(step, "warming up; its figures are thrown away");
    summary.ifPresent(found -> firstRate = firstRate(found));
    warm = summary.isPresent();
    return warm;
  }

  /** Returns the workload's own rate, or else that of the warm-up, which is near the limit. */
  private double firstRate(RunSummary warmUp) {
    if (!base.rate().isMax()) {
      return base.rate().perSecond();
    }
    RunSummary.Throughput rates = warmUp.throughputEps();
    // After the run's own warm-up or, if the run was too short for that, over all of it.
    double sustained =
        rates.sustainedAfterWarmup() > 0 ? rates.sustainedAfterWarmup() : rates.withDrain();
    return RateSearch.rounded(Math.max(1, sustained));
  }

  private boolean search() throws InterruptedException {
    RateSearch rates = new RateSearch(firstRate, section.tolerance(), section.rates());
    search = Optional.of(rates);
    for (Optional<Rate> rate = rates.next(); rate.isPresent(); rate = rates.next()) {
      String label = NumberText.perSecond(rate.get().perSecond());
      Optional<RunSummary> summary = measure(step(base.withRate(rate.get())), label);
      if (summary.isEmpty()) {
        return false;
      }
      boolean held = Targets.hold(summary.get(), rate.get());
      rates.tried(held);
      add(new Run(SweepAxis.RATE.inResult(), rate.get().perSecond(), label, held, summary.get()));
    }
    return true;
  }

  /**
   * Confirms the result. A short run is judged by few batches, and near the limit each of them
   * decides. So the rate that held has to hold again and for longer, or else the next lower one.
   */
  private boolean confirm() throws InterruptedException {
    List<Double> rates = heldRates().boxed().sorted(Collections.reverseOrder()).toList();
    for (double perSecond : rates) {
      Rate rate = new Rate(perSecond);
      String label = NumberText.perSecond(perSecond);
      SweepRun step =
          SweepRun.of(base.withRate(rate), Comparators.max(section.confirm(), duration), warmUp);
      Optional<RunSummary> summary = measure(step, label + " once more");
      if (summary.isEmpty()) {
        return false;
      }
      boolean held = Targets.hold(summary.get(), rate);
      runs.removeIf(run -> isRate(run) && run.rate() == perSecond);
      add(new Run(SweepAxis.RATE.inResult(), perSecond, label, held, summary.get()));
      if (held) {
        break;
      }
    }
    confirmed = true;
    return true;
  }

  private DoubleStream heldRates() {
    return runs.stream().filter(Sweep::isRate).filter(Run::held).mapToDouble(Run::rate);
  }

  private static boolean isRate(Run run) {
    return run.axis().equals(SweepAxis.RATE.inResult());
  }

  private SweepRun step(Configuration configuration) {
    return SweepRun.of(configuration, duration, warmUp);
  }

  private boolean axes() throws InterruptedException {
    for (AxisValue value : axes) {
      String name = value.axis().inResult();
      Optional<RunSummary> summary = measureOnce(value.configuration(), name + " " + value.label());
      if (summary.isEmpty()) {
        return false;
      }
      boolean held = Targets.hold(summary.get(), base.rate());
      add(new Run(name, value.value(), value.label(), held, summary.get()));
    }
    return true;
  }

  private void add(Run run) {
    runs.add(run);
    progress.measured(run);
  }

  private Optional<RunSummary> measureOnce(Configuration configuration, String label)
      throws InterruptedException {
    RunSummary known = measured.get(configuration);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<RunSummary> summary = measure(step(configuration), label);
    summary.ifPresent(found -> measured.put(configuration, found));
    return summary;
  }

  private Optional<RunSummary> measure(SweepRun step, String label) throws InterruptedException {
    progress.starting(label, step, toCome());
    Optional<RunSummary> summary = bench.measure(step);
    summary.ifPresent(found -> progress.finished());
    return summary;
  }

  /** Returns how long events will be sent in each of the runs that are probably still to come. */
  private List<Duration> toCome() {
    List<Duration> steps = new ArrayList<>();
    if (!warm) {
      steps.add(section.warmup());
    }
    // Before the search: a rate that holds, one that does not, and perhaps one between them.
    int rates = search.map(RateSearch::expected).orElse(Math.min(3, section.rates()));
    steps.addAll(Collections.nCopies(rates, step(base.withRate(new Rate(1))).duration()));
    if (!confirmed) {
      steps.add(section.confirm());
    }
    axes.stream()
        .map(AxisValue::configuration)
        .distinct()
        .filter(configuration -> !measured.containsKey(configuration))
        .forEach(configuration -> steps.add(step(configuration).duration()));
    return steps;
  }

  /** Returns the result so far; empty when nothing was measured. */
  public Optional<SweepResult> result() {
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SweepResult(
            SweepResult.SCHEMA,
            startedAt,
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            complete,
            workload,
            runs.get(0).summary().environment(),
            Targets.LATENCY.toMillis(),
            heldRates().max().orElse(0),
            List.copyOf(runs),
            List.of()));
  }
}
