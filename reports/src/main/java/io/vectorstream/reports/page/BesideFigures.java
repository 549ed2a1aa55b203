package io.vectorstream.reports.page;

import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** The figures of a load on the embedded services, each beside that on the real ones. */
final class BesideFigures {
  private static final String NONE = "–";

  private final List<RunSummary> embedded;
  private final List<RunSummary> real;
  private final List<Row> rows = new ArrayList<>();

  private BesideFigures(BesideResult result) {
    this.embedded = result.on(true);
    this.real = result.on(false);
  }

  /**
   * A figure on both kinds of services.
   *
   * @param ratio that on the real services, divided by that on the embedded ones
   */
  record Row(String name, String embedded, String real, String ratio) {}

  static List<Row> of(BesideResult result) {
    BesideFigures figures = new BesideFigures(result);
    figures.addRuns();
    figures.addBatches();
    return List.copyOf(figures.rows);
  }

  private void addRuns() {
    run("Sustained", RunSummary::sustained, Formats::rate);
    run("Best batch", run -> run.throughputEps().bestBatch(), Formats::rate);
    run("Latency, p50", run -> run.latencyMs().p50(), Formats::time);
    run("Latency, p99", run -> run.latencyMs().p99(), Formats::time);
    rows.add(new Row("Lost events", lost(embedded), lost(real), NONE));
    run(
        "Embedding",
        run -> run.embedding().texts() == 0 ? Double.NaN : run.embedding().textsPerSecond(),
        value -> Formats.number(value) + " texts/s");
  }

  private void addBatches() {
    batch("A batch, median", Batch::durationMs);
    batch("– of it parsing", batch -> batch.phasesMs().parse());
    batch("– of it embedding", batch -> batch.phasesMs().embed());
    batch("– of it storing", batch -> batch.phasesMs().store());
    batch("– of it other work", Batch::otherMs);
  }

  private void run(String name, ToDoubleFunction<RunSummary> value, DoubleFunction<String> format) {
    double[] left = sorted(embedded.stream().mapToDouble(value).toArray());
    double[] right = sorted(real.stream().mapToDouble(value).toArray());
    rows.add(new Row(name, text(left, format), text(right, format), ratio(left, right)));
  }

  /** Adds the median of the batches of all rounds. */
  private void batch(String name, ToDoubleFunction<Batch> ms) {
    double[] left = ofBatches(embedded, ms);
    double[] right = ofBatches(real, ms);
    rows.add(
        new Row(
            name,
            left.length == 0 ? NONE : Formats.time(median(left)),
            right.length == 0 ? NONE : Formats.time(median(right)),
            ratio(left, right)));
  }

  private static double[] ofBatches(List<RunSummary> runs, ToDoubleFunction<Batch> ms) {
    return sorted(
        runs.stream().flatMap(run -> run.measuredBatches().stream()).mapToDouble(ms).toArray());
  }

  private static String lost(List<RunSummary> runs) {
    if (runs.isEmpty()) {
      return NONE;
    }
    return "%s of %s"
        .formatted(
            Formats.count(runs.stream().mapToLong(run -> run.events().lost()).sum()),
            Formats.count(runs.stream().mapToLong(run -> run.events().sent()).sum()));
  }

  /** Returns the median, and of several rounds also the lowest and the highest value. */
  private static String text(double[] sorted, DoubleFunction<String> format) {
    if (sorted.length == 0) {
      return NONE;
    }
    String middle = format.apply(median(sorted));
    return sorted.length == 1
        ? middle
        : "%s (%s to %s)"
            .formatted(middle, format.apply(sorted[0]), format.apply(sorted[sorted.length - 1]));
  }

  private static String ratio(double[] embedded, double[] real) {
    if (embedded.length == 0 || real.length == 0 || median(embedded) == 0) {
      return NONE;
    }
    return Formats.ratio(median(real) / median(embedded));
  }

  /** Leaves out what was not measured. */
  private static double[] sorted(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
