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
import io.vectorstream.reports.result.SweepResult;
import io.vectorstream.reports.result.SweepResult.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The section about the cost of more work: every axis of the sweeps. */
final class SweepSection {
  private static final Map<String, String> AXES =
      Map.of(
          SweepResult.RATE,
          "offered rate, events/s",
          "products",
          "products in the catalogue",
          "partitions",
          "partitions of the topic",
          "trigger",
          "trigger",
          "cores",
          "cores");

  private SweepSection() {}

  static Optional<Section> of(Report report) {
    List<Block> blocks = new ArrayList<>();
    List<Named<SweepResult>> sweeps = report.all(SweepResult.class);
    for (int i = 0; i < sweeps.size(); i++) {
      for (String axis : sweeps.get(i).result().axes()) {
        addBlocks(
            "sweep-%d-%d".formatted(i, blocks.size()),
            sweeps.size() == 1 ? "" : " (%s)".formatted(sweeps.get(i).name()),
            sweeps.get(i).result(),
            axis,
            blocks);
      }
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "cost",
                "Cost against work",
                "Runs that differ in one thing each. A run holds while 99 % of events are stored"
                    + " within the target and none is lost.",
                blocks));
  }

  private static void addBlocks(
      String id, String suffix, SweepResult sweep, String axis, List<Block> blocks) {
    List<Run> runs =
        sweep.along(axis).stream()
            .sorted(Comparator.comparingDouble(run -> run.number().orElse(0)))
            .toList();
    String name = AXES.getOrDefault(axis, axis);
    Axis x = axis(name, runs);
    Chart rates =
        Chart.of(
            id + "-rate",
            "Events per second against " + name,
            x,
            Axis.linear("events/s", Format.NUMBER),
            List.of(
                series("sustained", runs, run -> run.summary().sustained()),
                series(
                    "while a batch works, median",
                    runs.stream().filter(run -> batchRate(run) > 0).toList(),
                    SweepSection::batchRate)));
    List<Series> latencies = new ArrayList<>();
    latencies.add(series("p50", runs, run -> run.summary().latencyMs().p50()).in("quiet"));
    latencies.add(series("p99", runs, run -> run.summary().latencyMs().p99()));
    addOutcome(latencies, "held", "good", runs, true);
    addOutcome(latencies, "missed", "bad", runs, false);
    Chart latency =
        Chart.of(
            id + "-latency",
            "Latency against " + name,
            x,
            Axis.linear("latency", Format.MILLISECONDS),
            latencies,
            new Mark(sweep.latencyTargetMs(), "target for p99"));
    Table table = table(name, runs);
    blocks.add(
        Block.chart("Throughput against " + name + suffix, rateText(sweep, axis), rates, table));
    blocks.add(Block.chart("Latency against " + name + suffix, null, latency, table));
    List<Series> curves =
        runs.stream()
            .filter(run -> !run.summary().latencyCurve().isEmpty())
            .map(
                run ->
                    Series.line(run.name(), RunSections.curvePoints(run.summary().latencyCurve())))
            .toList();
    if (curves.size() > 1) {
      blocks.add(
          Block.chart(
              "Latency by percentile, by " + name + suffix,
              null,
              Chart.of(
                  id + "-curves",
                  "Latency by percentile for each value of " + name,
                  Axis.percentiles(),
                  Axis.log("latency", Format.MILLISECONDS),
                  curves,
                  new Mark(sweep.latencyTargetMs(), "target for p99")),
              curvesTable(name, runs)));
    }
  }

  private static String rateText(SweepResult sweep, String axis) {
    if (!axis.equals(SweepResult.RATE)) {
      return null;
    }
    String partial =
        sweep.isPartial()
            ? " The sweep was stopped before its end: what it had not come to is missing."
            : "";
    if (sweep.highest().isEmpty()) {
      return "No rate that was tried held." + partial;
    }
    String next =
        sweep.lowestMissed().isPresent()
            ? "; at %s it did not hold".formatted(Formats.rate(sweep.lowestMissed().getAsDouble()))
            : "; no higher rate that was tried missed";
    return "The highest rate that held is %s%s.%s"
        .formatted(Formats.rate(sweep.highest().getAsDouble()), next, partial);
  }

  private static Axis axis(String name, List<Run> runs) {
    return runs.stream().allMatch(run -> run.number().isPresent())
        ? Axis.linear(name, Format.NUMBER)
        : Axis.categories(name, runs.stream().map(Run::name).toList());
  }

  private static Series series(String name, List<Run> runs, ToDoubleFunction<Run> value) {
    return Series.line(name, points(runs, runs, value));
  }

  private static void addOutcome(
      List<Series> series, String name, String tone, List<Run> runs, boolean held) {
    List<Run> those = runs.stream().filter(run -> run.held() == held).toList();
    if (!those.isEmpty()) {
      series.add(
          Series.points(name, points(runs, those, run -> run.summary().latencyMs().p99()))
              .in(tone));
    }
  }

  private static List<Point> points(List<Run> all, List<Run> some, ToDoubleFunction<Run> value) {
    boolean numeric = all.stream().allMatch(run -> run.number().isPresent());
    return IntStream.range(0, all.size())
        .filter(i -> some.contains(all.get(i)))
        .mapToObj(
            i ->
                Point.of(
                    numeric ? all.get(i).number().getAsDouble() : i,
                    value.applyAsDouble(all.get(i))))
        .toList();
  }

  private static double batchRate(Run run) {
    double[] rates =
        run.summary().measuredBatches().stream().mapToDouble(Batch::rate).sorted().toArray();
    return rates.length == 0 ? 0 : rates[rates.length / 2];
  }

  private static Table table(String name, List<Run> runs) {
    Table.Builder table =
        Table.of(
            "Runs against " + name,
            Column.text(name),
            Column.text("Held"),
            Column.number("Offered/s"),
            Column.number("Sustained/s"),
            Column.number("While a batch works/s"),
            Column.number("p50"),
            Column.number("p99"),
            Column.number("Lost"),
            Column.number("Peak MB"));
    for (Run run : runs) {
      RunSummary summary = run.summary();
      table.styledRow(
          run.held() ? "good" : "bad",
          run.name(),
          run.held() ? "yes" : "no",
          Formats.number(summary.throughputEps().offered()),
          Formats.number(summary.sustained()),
          Formats.number(batchRate(run)),
          Formats.time(summary.latencyMs().p50()),
          Formats.time(summary.latencyMs().p99()),
          Formats.count(summary.events().lost()),
          Formats.count(summary.memoryMb().peakRss()));
    }
    return table.build();
  }

  private static Table curvesTable(String name, List<Run> runs) {
    Table.Builder table =
        Table.of(
            "Latency by percentile",
            Column.text(name),
            Column.number("Percentile"),
            Column.number("Latency"));
    for (Run run : runs) {
      run.summary()
          .latencyCurve()
          .forEach(
              each ->
                  table.row(run.name(), Formats.exact(each.percentile()), Formats.time(each.ms())));
    }
    return table.build();
  }
}
