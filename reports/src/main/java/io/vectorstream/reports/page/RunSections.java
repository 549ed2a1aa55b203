package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Mark;
import io.vectorstream.reports.page.Chart.Point;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Percentile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The sections about runs of the pipeline. */
final class RunSections {
  static final double LATENCY_TARGET_MS = 30_000;

  private final List<Named<RunSummary>> runs;
  private final List<Named<RunSummary>> alone;

  RunSections(Report report) {
    this.runs = report.runs();
    this.alone = report.runsAlone();
  }

  Optional<Section> overTime() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Named<RunSummary> run = runs.get(i);
      if (!run.result().batches().isEmpty()) {
        blocks.add(throughput(i, run));
        blocks.add(latency(i, run));
      }
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "over-time",
                "Throughput and latency over time",
                "Spark takes events in micro-batches. Every point is one batch; the first ones"
                    + " embed the product texts that are new, and the last one holds what was left"
                    + " when the load ended.",
                blocks));
  }

  Optional<Section> memory() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).result().resources().size() > 1) {
        blocks.add(memory(i, runs.get(i)));
      }
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "memory",
                "Memory over time",
                "What the process held, sampled every half minute. A run that lasts should end with"
                    + " what it held when it was warm.",
                blocks));
  }

  private static Block throughput(int index, Named<RunSummary> run) {
    List<Batch> batches = run.result().batches();
    double[] seconds = starts(run.result());
    double[] arrivals = new double[batches.size()];
    for (int i = 0; i < batches.size(); i++) {
      // The events of a batch came in since the batch before it began.
      double since = i == 0 ? seconds[0] : seconds[i] - seconds[i - 1];
      arrivals[i] = since > 0 ? batches.get(i).events() / since : Double.NaN;
    }
    Chart chart =
        Chart.of(
            "throughput-" + index,
            "Events per second of each batch over the time of the run " + run.name(),
            Axis.linear("seconds since the start", Format.NUMBER),
            Axis.linear("events/s", Format.NUMBER),
            List.of(
                Series.line(
                    "while the batch works",
                    IntStream.range(0, batches.size())
                        .filter(i -> batches.get(i).events() > 0)
                        .mapToObj(i -> Point.of(seconds[i], batches.get(i).rate()))
                        .toList()),
                Series.line(
                    "from one batch to the next",
                    IntStream.range(0, batches.size())
                        .filter(i -> !Double.isNaN(arrivals[i]))
                        .mapToObj(i -> Point.of(seconds[i], arrivals[i]))
                        .toList())));
    Table.Builder table =
        Table.of(
            "Every batch of " + run.name(),
            Column.text("Batch"),
            Column.number("Start, s"),
            Column.number("Events"),
            Column.number("Events/s while it works"),
            Column.number("Events/s from one batch to the next"));
    for (int i = 0; i < batches.size(); i++) {
      table.row(
          Long.toString(batches.get(i).id()),
          Formats.number(seconds[i]),
          Formats.count(batches.get(i).events()),
          Formats.number(batches.get(i).rate()),
          Formats.number(arrivals[i]));
    }
    return Block.chart(
        run.name() + ": throughput",
        "%s were offered, %s sustained. The distance between the lines is what was left to spare."
            .formatted(
                Formats.rate(run.result().throughputEps().offered()),
                Formats.rate(run.result().sustained())),
        chart,
        table.build());
  }

  private static Block latency(int index, Named<RunSummary> run) {
    List<Batch> batches = run.result().batches();
    double[] seconds = starts(run.result());
    List<Point> durations = new ArrayList<>();
    List<Point> oldest = new ArrayList<>();
    Table.Builder table =
        Table.of(
            "Every batch of " + run.name(),
            Column.text("Batch"),
            Column.number("Start, s"),
            Column.number("Duration"),
            Column.number("Oldest event, at most"));
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      double wait = batch.durationMs() + 1000 * (i == 0 ? seconds[0] : seconds[i] - seconds[i - 1]);
      durations.add(Point.of(seconds[i], batch.durationMs()));
      if (batch.events() > 0) {
        oldest.add(Point.of(seconds[i], wait));
      }
      table.row(
          Long.toString(batch.id()),
          Formats.number(seconds[i]),
          Formats.time(batch.durationMs()),
          batch.events() > 0 ? Formats.time(wait) : "no event");
    }
    Chart chart =
        Chart.of(
            "latency-" + index,
            "Duration of each batch, and the longest that an event in it can have waited",
            Axis.linear("seconds since the start", Format.NUMBER),
            Axis.linear("time", Format.MILLISECONDS),
            List.of(
                Series.line("duration of the batch", durations),
                Series.line("oldest event, at most", oldest)),
            new Mark(LATENCY_TARGET_MS, "target for p99"));
    RunSummary.Latency latency = run.result().latencyMs();
    return Block.chart(
        run.name() + ": latency",
        ("Of all events, half were stored within %s and 99 %% within %s of their own timestamp. An"
                + " event waits for the next batch to begin, and then for its end: the upper line is"
                + " that for the oldest event of each batch.")
            .formatted(Formats.time(latency.p50()), Formats.time(latency.p99())),
        chart,
        table.build());
  }

  private static Block memory(int index, Named<RunSummary> run) {
    List<RunSummary.ResourceSample> samples = run.result().resources();
    Chart chart =
        Chart.of(
            "memory-" + index,
            "Memory of the process over the time of the run " + run.name(),
            Axis.linear("seconds since the start", Format.NUMBER),
            Axis.linear("MB", Format.NUMBER),
            List.of(
                Series.line(
                    "whole process",
                    samples.stream().map(each -> Point.of(each.seconds(), each.rssMb())).toList()),
                Series.line(
                    "left on the heap by a collection",
                    samples.stream()
                        .map(each -> Point.of(each.seconds(), each.heapMb()))
                        .toList())));
    Table.Builder table =
        Table.of(
            "Memory, threads and open files of " + run.name(),
            Column.text("Seconds"),
            Column.number("Whole process, MB"),
            Column.number("Heap, MB"),
            Column.number("Threads"),
            Column.number("Open files and sockets"));
    samples.forEach(
        each ->
            table.row(
                Formats.count(each.seconds()),
                Formats.count(each.rssMb()),
                Formats.count(each.heapMb()),
                Formats.count(each.threads()),
                Formats.count(each.fileHandles())));
    return Block.chart(
        run.name(),
        "At most %s MB, Kafka and the vector store included where they run in the same process."
            .formatted(Formats.count(run.result().memoryMb().peakRss())),
        chart,
        table.build());
  }

  static double[] starts(RunSummary run) {
    return run.batches().stream()
        .mapToDouble(
            batch -> Duration.between(run.startedAt(), batch.startedAt()).toMillis() / 1000.0)
        .toArray();
  }

  Optional<Section> percentiles() {
    if (alone.isEmpty()) {
      return Optional.empty();
    }
    boolean hasLate = alone.stream().anyMatch(run -> run.result().late() != null);
    boolean coarse = alone.stream().anyMatch(run -> run.result().latencyCurve().isEmpty());
    return Optional.of(
        new Section(
            "percentiles",
            "Latency by percentile",
            "How long it took from an event's own timestamp until it was stored. Each step to the"
                + " right leaves a tenth of the events: at 99 %, one in a hundred took longer."
                + (hasLate
                    ? " Events that the load sends late on purpose are left out: their time to the"
                        + " store is mostly their lateness."
                    : "")
                + (coarse ? " Where no curve was recorded, there are three points of it." : ""),
            List.of(percentiles("percentiles", null, null, alone))));
  }

  /** Returns the latency of events by percentile, a curve for each run. */
  static Block percentiles(String id, String title, String text, List<Named<RunSummary>> runs) {
    List<Series> series = new ArrayList<>();
    Table.Builder table =
        Table.of(
            "Latency by percentile",
            Column.text("Run"),
            Column.number("Percentile"),
            Column.number("Latency"));
    for (Named<RunSummary> run : runs) {
      List<Percentile> curve = curve(run.result());
      series.add(Series.line(run.name(), curvePoints(curve)));
      curve.forEach(
          each -> table.row(run.name(), Formats.exact(each.percentile()), Formats.time(each.ms())));
    }
    Chart chart =
        Chart.of(
            id,
            "Latency of events by percentile, the percentiles spread out towards 100",
            Axis.percentiles(),
            // Earlier results have events that were sent hours late, and leave no height for
            // others.
            Axis.log("latency", Format.MILLISECONDS),
            series,
            new Mark(LATENCY_TARGET_MS, "target for p99"));
    return Block.chart(title, text, chart, table.build());
  }

  static List<Point> curvePoints(List<Percentile> curve) {
    return curve.stream()
        .filter(each -> each.percentile() < 100)
        .map(each -> Point.of(100 / (100 - each.percentile()), Math.max(1, each.ms())))
        .toList();
  }

  static List<Percentile> curve(RunSummary run) {
    RunSummary.Latency latency = run.latencyMs();
    return !run.latencyCurve().isEmpty()
        ? run.latencyCurve()
        : List.of(
            new Percentile(50, latency.p50()),
            new Percentile(95, latency.p95()),
            new Percentile(99, latency.p99()),
            new Percentile(100, latency.max()));
  }
}
