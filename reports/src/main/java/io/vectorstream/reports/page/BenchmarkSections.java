package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Point;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.JmhRun;
import io.vectorstream.reports.result.JmhRun.Benchmark;
import io.vectorstream.reports.result.JmhRun.Metric;
import io.vectorstream.reports.result.Ladder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The sections about the pipeline's parts by themselves. */
final class BenchmarkSections {
  /** The ratio of scores from which on the axis is logarithmic. */
  private static final double WIDE = 50;

  private BenchmarkSections() {}

  static Optional<Section> ladder(Report report) {
    List<Block> blocks = new ArrayList<>();
    List<Named<Ladder>> ladders = report.all(Ladder.class);
    for (int i = 0; i < ladders.size(); i++) {
      blocks.add(ladder("ladder-" + i, ladders.get(i)));
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "ladder",
                "What each idea buys",
                "The naive way first: one event, one embedding, one write. Then one idea more with"
                    + " each step. All steps ran one after the other on the same machine.",
                blocks));
  }

  private static Block ladder(String id, Named<Ladder> ladder) {
    List<Ladder.Step> steps = ladder.result().steps();
    Table.Builder table =
        Table.of(
            "Steps of " + ladder.name(),
            Column.text("Step"),
            Column.text("What is done"),
            Column.number("Events/s, median"),
            Column.number("Lowest"),
            Column.number("Highest"),
            Column.number("To the step before"),
            Column.number("To the first"));
    for (Ladder.Step step : steps) {
      Ladder.Rates rates = step.eventsPerSecond();
      table.row(
          step.name(),
          step.what() == null ? "" : step.what(),
          Formats.number(rates.median()),
          Formats.number(rates.lowest()),
          Formats.number(rates.highest()),
          Formats.ratio(step.ratioToPrevious()),
          Formats.ratio(step.ratioToFirst()));
    }
    Chart chart =
        Chart.of(
                id,
                "Events per second of each step, with its ratio to the first",
                Axis.categories("step", steps.stream().map(Ladder.Step::name).toList()),
                Axis.linear("events/s", Format.NUMBER),
                List.of(
                    Series.bars(
                        "events/s",
                        IntStream.range(0, steps.size())
                            .mapToObj(
                                i ->
                                    new Point(
                                        i,
                                        steps.get(i).eventsPerSecond().median(),
                                        steps.get(i).eventsPerSecond().lowest(),
                                        steps.get(i).eventsPerSecond().highest(),
                                        Formats.ratio(steps.get(i).ratioToFirst())))
                            .toList())))
            .horizontal();
    return Block.chart(
        null,
        "The median of %d iterations of %s events each, the thin line from the lowest to the highest."
            .formatted(
                steps.stream()
                    .mapToInt(s -> s.eventsPerSecond().iterations().size())
                    .max()
                    .orElse(0),
                Formats.count(ladder.result().events())),
        chart,
        table.build());
  }

  static Optional<Section> jmh(Report report) {
    List<Block> blocks = new ArrayList<>();
    Map<String, List<Benchmark>> groups =
        report.all(JmhRun.class).stream()
            .flatMap(named -> named.result().benchmarks().stream())
            .collect(
                Collectors.groupingBy(
                    each -> each.group() + "\n" + each.primaryMetric().scoreUnit(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    for (List<Benchmark> group : groups.values()) {
      blocks.add(group("jmh-" + blocks.size(), group));
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "jmh",
                "Part by part",
                "JMH's benchmarks of single parts, each in a JVM of its own. An op is one event; of"
                    + " tokenizing, embedding and the cache one text, of Search one search. The"
                    + " line through a point is JMH's 99.9 % confidence interval; without one there"
                    + " were too few iterations.",
                blocks));
  }

  private static Block group(String id, List<Benchmark> group) {
    Benchmark first = group.get(0);
    String unit = first.primaryMetric().scoreUnit();
    Table.Builder table =
        Table.of(
            first.group() + ", " + unit,
            Column.text("Benchmark"),
            Column.number(unit),
            Column.number("± 99.9 %"),
            Column.number("Forks × iterations"),
            Column.text("Better is"));
    List<Point> points = new ArrayList<>();
    for (Benchmark benchmark : group) {
      Metric metric = benchmark.primaryMetric();
      boolean known = Double.isFinite(metric.scoreError());
      points.add(
          new Point(
              points.size(),
              metric.score(),
              known ? metric.score() - metric.scoreError() : null,
              known ? metric.score() + metric.scoreError() : null,
              Formats.number(metric.score())));
      table.row(
          benchmark.name(),
          Formats.number(metric.score()),
          known ? Formats.number(metric.scoreError()) : "not known",
          benchmark.forks() + " × " + benchmark.measurementIterations(),
          benchmark.higherIsBetter() ? "higher" : "lower");
    }
    String axis = unit + (first.higherIsBetter() ? " (higher is better)" : " (lower is better)");
    Chart chart =
        Chart.of(
                id,
                "Scores of " + first.group() + " in " + unit,
                Axis.categories("benchmark", ShortNames.of(group)),
                isWide(points) ? Axis.log(axis, Format.NUMBER) : Axis.linear(axis, Format.NUMBER),
                List.of(Series.points(unit, points)))
            .horizontal();
    return Block.chart(first.group().replaceFirst("Benchmark$", ""), null, chart, table.build());
  }

  /** Returns whether the axis is logarithmic, which needs all error bars above 0, too. */
  private static boolean isWide(List<Point> points) {
    double highest = points.stream().mapToDouble(Point::y).max().orElse(0);
    double lowest =
        points.stream()
            .mapToDouble(point -> point.low() == null ? point.y() : point.low())
            .min()
            .orElse(0);
    return lowest > 0 && highest / lowest > WIDE;
  }
}
