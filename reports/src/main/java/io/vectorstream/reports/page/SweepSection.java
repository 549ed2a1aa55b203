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
import io.vectorstream.reports.result.Sweep;
import io.vectorstream.reports.result.Sweep.Step;
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
          Sweep.RATE,
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
    List<Named<Sweep>> sweeps = report.all(Sweep.class);
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
      String id, String suffix, Sweep sweep, String axis, List<Block> blocks) {
    List<Step> steps =
        sweep.along(axis).stream()
            .sorted(Comparator.comparingDouble(step -> step.number().orElse(0)))
            .toList();
    String name = AXES.getOrDefault(axis, axis);
    Axis x = axis(name, steps);
    Chart rates =
        Chart.of(
            id + "-rate",
            "Events per second against " + name,
            x,
            Axis.linear("events/s", Format.NUMBER),
            List.of(
                series("sustained", steps, step -> step.summary().sustained()),
                series(
                    "while a batch works, median",
                    steps.stream().filter(step -> batchRate(step) > 0).toList(),
                    SweepSection::batchRate)));
    List<Series> latencies = new ArrayList<>();
    latencies.add(series("p50", steps, step -> step.summary().latencyMs().p50()).in("quiet"));
    latencies.add(series("p99", steps, step -> step.summary().latencyMs().p99()));
    addOutcome(latencies, "held", "good", steps, true);
    addOutcome(latencies, "missed", "bad", steps, false);
    Chart latency =
        Chart.of(
            id + "-latency",
            "Latency against " + name,
            x,
            Axis.linear("latency", Format.MILLISECONDS),
            latencies,
            new Mark(sweep.latencyTargetMs(), "target for p99"));
    Table table = table(name, steps);
    blocks.add(
        Block.chart("Throughput against " + name + suffix, rateText(sweep, axis), rates, table));
    blocks.add(Block.chart("Latency against " + name + suffix, null, latency, table));
    List<Series> curves =
        steps.stream()
            .filter(step -> !step.summary().latencyCurve().isEmpty())
            .map(
                step ->
                    Series.line(
                        step.name(), RunSections.curvePoints(step.summary().latencyCurve())))
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
              curvesTable(name, steps)));
    }
  }

  private static String rateText(Sweep sweep, String axis) {
    if (!axis.equals(Sweep.RATE)) {
      return null;
    }
    String partial =
        sweep.isPartial()
            ? " The sweep was stopped before its end: what it had not come to is missing."
            : "";
    if (sweep.highestSustainedEps() == null) {
      return "No rate that was tried held." + partial;
    }
    String next =
        sweep.lowestMissed().isPresent()
            ? "; at %s it did not hold".formatted(Words.rate(sweep.lowestMissed().getAsDouble()))
            : "; no higher rate that was tried missed";
    return "The highest rate that held is %s%s.%s"
        .formatted(Words.rate(sweep.highestSustainedEps()), next, partial);
  }

  private static Axis axis(String name, List<Step> steps) {
    return steps.stream().allMatch(step -> step.number().isPresent())
        ? Axis.linear(name, Format.NUMBER)
        : Axis.categories(name, steps.stream().map(Step::name).toList());
  }

  private static Series series(String name, List<Step> steps, ToDoubleFunction<Step> value) {
    return Series.line(name, points(steps, steps, value));
  }

  private static void addOutcome(
      List<Series> series, String name, String tone, List<Step> steps, boolean held) {
    List<Step> those = steps.stream().filter(step -> step.held() == held).toList();
    if (!those.isEmpty()) {
      series.add(
          Series.points(name, points(steps, those, step -> step.summary().latencyMs().p99()))
              .in(tone));
    }
  }

  private static List<Point> points(List<Step> all, List<Step> some, ToDoubleFunction<Step> value) {
    boolean numeric = all.stream().allMatch(step -> step.number().isPresent());
    return IntStream.range(0, all.size())
        .filter(i -> some.contains(all.get(i)))
        .mapToObj(
            i ->
                Point.of(
                    numeric ? all.get(i).number().getAsDouble() : i,
                    value.applyAsDouble(all.get(i))))
        .toList();
  }

  private static double batchRate(Step step) {
    double[] rates =
        step.summary().measuredBatches().stream().mapToDouble(Batch::rate).sorted().toArray();
    return rates.length == 0 ? 0 : rates[rates.length / 2];
  }

  private static Table table(String name, List<Step> steps) {
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
    for (Step step : steps) {
      RunSummary run = step.summary();
      table.styledRow(
          step.held() ? "good" : "bad",
          step.name(),
          step.held() ? "yes" : "no",
          Words.number(run.throughputEps().offered()),
          Words.number(run.sustained()),
          Words.number(batchRate(step)),
          Words.time(run.latencyMs().p50()),
          Words.time(run.latencyMs().p99()),
          Words.count(run.events().lost()),
          Words.count(run.memoryMb().peakRss()));
    }
    return table.build();
  }

  private static Table curvesTable(String name, List<Step> steps) {
    Table.Builder table =
        Table.of(
            "Latency by percentile",
            Column.text(name),
            Column.number("Percentile"),
            Column.number("Latency"));
    for (Step step : steps) {
      step.summary()
          .latencyCurve()
          .forEach(
              each ->
                  table.row(step.name(), Words.exact(each.percentile()), Words.time(each.ms())));
    }
    return table.build();
  }
}
