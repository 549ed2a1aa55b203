package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.Searchable;
import io.vectorstream.reports.result.Searches;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** The figures of one run of the pipeline, with the noise that its batches show. */
final class RunFigures {
  /** The least number of batches that say something about their spread. */
  private static final int ENOUGH_BATCHES = 5;

  /** The number of deviations around the middle that contain 99.7 % of a normal distribution. */
  private static final double DEVIATIONS = 3;

  /** The standard error of a median divided by that of a mean. */
  private static final double ERROR_OF_MEDIAN = Math.sqrt(Math.PI / 2);

  private final RunSummary run;
  private final List<Batch> batches;
  private final List<RunFigure> lines = new ArrayList<>();

  private RunFigures(RunSummary run) {
    this.run = run;
    this.batches = run.measuredBatches();
  }

  /**
   * @param isOfTheWholeRun not of one batch
   */
  record RunFigure(
      String name,
      Unit unit,
      boolean higherIsBetter,
      double value,
      Noise noise,
      boolean isOfTheWholeRun) {}

  /** Returns the conditions that make runs comparable: the events sent, and the environment. */
  static String setup(RunSummary run) {
    String load =
        run.workload() != null
            ? run.workload()
            : "%,.0f events/s offered"
                .formatted(
                    BigDecimal.valueOf(run.throughputEps().offered())
                        .round(new MathContext(2))
                        .doubleValue());
    return run.environment().embedding() == null
        ? load
        : load
            + ", "
            + Objects.toString(run.environment().services())
            + " services, "
            + run.environment().embedding().inWords();
  }

  static List<RunFigure> of(RunSummary run) {
    RunFigures figures = new RunFigures(run);
    figures.wholeRun();
    if (figures.batches.size() >= ENOUGH_BATCHES) {
      figures.ofBatches();
    }
    return figures.lines;
  }

  private void wholeRun() {
    whole(
        "sustained rate",
        Unit.EVENTS_PER_SECOND,
        true,
        run.sustained(),
        around(run.sustained(), errorOfRate()));
    // An event's latency depends on how long its batch takes.
    double spread = spread(Batch::durationMs);
    whole("latency p50", run.latencyMs().p50(), spread);
    whole("latency p95", run.latencyMs().p95(), spread);
    whole("latency p99", run.latencyMs().p99(), spread);
    whole(
        "lost events",
        Unit.COUNT,
        false,
        run.events().lost(),
        new Noise.Exact(run.events().lost()));
    probes();
    whole("peak memory", Unit.MEGABYTES, false, run.memoryMb().peakRss(), new Noise.Unknown());
  }

  /** Adds what was asked while the load was on. */
  private void probes() {
    if (run.fresh() != null) {
      unknown("click to answer p99", Unit.MILLISECONDS, false, run.fresh().latencyMs().p99());
      if (run.fresh().failedRequests() != null) {
        unknown("failed requests", Unit.COUNT, false, run.fresh().failedRequests());
      }
    }
    if (run.searchable() != null) {
      Searchable seen = run.searchable();
      unknown("event to store p99", Unit.MILLISECONDS, false, seen.events().latencyMs().p99());
      unknown("product to search p99", Unit.MILLISECONDS, false, seen.products().latencyMs().p99());
    }
    if (run.searches() != null) {
      for (Searches.Step step : run.searches().steps()) {
        String at = "searches at %,.0f/s, ".formatted(step.asked());
        if (step.all().answered() > 0) {
          unknown(at + "p50", Unit.MILLISECONDS, false, step.all().latencyMs().p50());
          unknown(at + "p99", Unit.MILLISECONDS, false, step.all().latencyMs().p99());
        }
        unknown(at + "failed", Unit.COUNT, false, step.all().failed());
      }
      for (Searches.Recall recall : run.searches().recall()) {
        unknown("recall by " + recall.kind(), Unit.OTHER, true, recall.recall());
      }
    }
  }

  private void unknown(String name, Unit unit, boolean higherIsBetter, double value) {
    whole(name, unit, higherIsBetter, value, new Noise.Unknown());
  }

  private void whole(String name, long ms, double spread) {
    whole(name, Unit.MILLISECONDS, false, ms, around(ms, spread));
  }

  private void whole(String name, Unit unit, boolean higherIsBetter, double value, Noise noise) {
    lines.add(new RunFigure(name, unit, higherIsBetter, value, noise, true));
  }

  private Noise around(double value, double deviation) {
    return batches.size() < ENOUGH_BATCHES
        ? new Noise.Unknown()
        : new Noise.Interval(
            value - DEVIATIONS * deviation,
            value + DEVIATIONS * deviation,
            "spread of %d batches".formatted(batches.size()));
  }

  /** Returns the error of the sustained rate by the speed of batches, in events/s. */
  private double errorOfRate() {
    if (batches.size() < ENOUGH_BATCHES) {
      return 0;
    }
    double[] rates = values(Batch::rate);
    double relative =
        ERROR_OF_MEDIAN * Noise.spread(rates) / Noise.median(rates) / Math.sqrt(rates.length);
    return relative * run.sustained();
  }

  private double spread(ToDoubleFunction<Batch> value) {
    return batches.size() < ENOUGH_BATCHES ? 0 : Noise.spread(values(value));
  }

  private void ofBatches() {
    batch("rate within a batch", Unit.EVENTS_PER_SECOND, true, Batch::rate);
    batch("duration of a batch", Unit.MILLISECONDS, false, Batch::durationMs);
    batch("parsing in a batch", Unit.MILLISECONDS, false, batch -> batch.phasesMs().parse());
    batch("embedding in a batch", Unit.MILLISECONDS, false, batch -> batch.phasesMs().embed());
    batch("storing in a batch", Unit.MILLISECONDS, false, batch -> batch.phasesMs().store());
  }

  private void batch(
      String name, Unit unit, boolean higherIsBetter, ToDoubleFunction<Batch> value) {
    double[] values = values(value);
    lines.add(
        new RunFigure(
            name,
            unit,
            higherIsBetter,
            Noise.median(values),
            new Noise.Batches(List.of(Arrays.stream(values).boxed().toList())),
            false));
  }

  private double[] values(ToDoubleFunction<Batch> value) {
    return batches.stream().mapToDouble(value).toArray();
  }
}
