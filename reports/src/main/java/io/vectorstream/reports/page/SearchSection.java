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
import io.vectorstream.reports.result.SearchLoadResult;
import io.vectorstream.reports.result.SearchLoadResult.Latency;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Recall;
import io.vectorstream.reports.result.Searches.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The section about searches while events come in, at one rate after another. */
final class SearchSection {
  private SearchSection() {}

  static Optional<Section> of(Report report) {
    List<Named<Searches>> loads = loads(report);
    if (loads.isEmpty()) {
      return Optional.empty();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.chart("Latency against searches a second", null, curve(loads), table(loads)));
    Table recall = recall(loads);
    if (recall != null) {
      blocks.add(
          Block.table(
              "What searches find",
              "The share of the really nearest products that a search found; the nearest are those"
                  + " of an exact search. A store that compares every product finds all.",
              recall));
    }
    return Optional.of(
        new Section(
            "search",
            "Search under load",
            "Searches at fixed rates while the pipeline takes events in. The time runs from when a"
                + " search was due, whether or not it could be sent then. Answers with the status"
                + " 429 were turned away because too many were waiting.",
            blocks));
  }

  private static List<Named<Searches>> loads(Report report) {
    List<Named<Searches>> loads = new ArrayList<>();
    for (Named<RunSummary> run : report.runs()) {
      if (run.result().searches() != null) {
        loads.add(new Named<>(run.name(), run.result().searches()));
      }
    }
    for (Named<SearchLoadResult> load : report.all(SearchLoadResult.class)) {
      loads.add(new Named<>(load.name(), load.result().asSearches()));
    }
    return loads;
  }

  private static Chart curve(List<Named<Searches>> loads) {
    List<Series> series = new ArrayList<>();
    for (Named<Searches> load : loads) {
      String suffix = loads.size() == 1 ? "" : ", " + load.name();
      series.add(series("p50" + suffix, load.result(), Latency::p50));
      series.add(series("p99" + suffix, load.result(), Latency::p99));
    }
    return Chart.of(
        "search",
        "Median and 99th percentile of the latency against searches answered a second",
        Axis.linear("searches answered a second", Format.NUMBER),
        Axis.log("latency", Format.MILLISECONDS),
        series,
        loads.stream()
            .map(load -> load.result().p99TargetMs())
            .filter(Objects::nonNull)
            .distinct()
            .map(target -> new Mark(target, "target for p99"))
            .toArray(Mark[]::new));
  }

  private static Series series(String name, Searches load, ToDoubleFunction<Latency> value) {
    return Series.line(
        name,
        load.steps().stream()
            .map(Step::all)
            .filter(all -> all.answered() > 0)
            .sorted(Comparator.comparingDouble(Figures::answeredPerSecond))
            .map(all -> Point.of(all.answeredPerSecond(), value.applyAsDouble(all.latencyMs())))
            .toList());
  }

  private static Table table(List<Named<Searches>> loads) {
    Table.Builder table =
        Table.of(
            "Searches while events come in",
            Column.text("Run"),
            Column.number("Products"),
            Column.number("Asked/s"),
            Column.number("Answered/s"),
            Column.text("Kind"),
            Column.number("p50"),
            Column.number("p90"),
            Column.number("p99"),
            Column.number("p99.9"),
            Column.number("Max"),
            Column.number("Searches"),
            Column.number("Failed"),
            Column.number("Without result"),
            Column.text("Failures"));
    for (Named<Searches> load : loads) {
      for (Step step : load.result().steps()) {
        if (step.kinds().size() != 1) {
          row(table, load, step, "all", step.all());
        }
        step.kinds().forEach((kind, figures) -> row(table, load, step, kind, figures));
      }
    }
    return table.build();
  }

  private static void row(
      Table.Builder table, Named<Searches> load, Step step, String kind, Figures figures) {
    Latency latency = figures.latencyMs();
    table.row(
        load.name(),
        Formats.count(load.result().products()),
        Formats.number(step.asked()),
        Formats.number(figures.answeredPerSecond()),
        kind,
        time(figures, latency.p50()),
        time(figures, latency.p90()),
        time(figures, latency.p99()),
        time(figures, latency.p999()),
        time(figures, latency.max()),
        Formats.count(figures.searches()),
        Formats.count(figures.failed()),
        Formats.count(figures.withoutResult()),
        failures(figures.failures()));
  }

  /** Shows a time, unless none of the searches was answered. */
  private static String time(Figures figures, double ms) {
    return figures.answered() == 0 ? "–" : Formats.time(ms);
  }

  private static String failures(Map<String, Long> failures) {
    return failures.entrySet().stream()
        .map(each -> each.getKey() + ": " + Formats.count(each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static Table recall(List<Named<Searches>> loads) {
    Table.Builder table =
        Table.of(
            "Recall",
            Column.text("Run"),
            Column.text("Kind"),
            Column.number("Neighbours"),
            Column.number("Searches compared"),
            Column.number("Recall"));
    boolean isMeasured = false;
    for (Named<Searches> load : loads) {
      for (Recall recall : load.result().recall()) {
        isMeasured = true;
        table.row(
            load.name(),
            recall.kind(),
            Formats.count(recall.neighbours()),
            Formats.count(recall.searches()),
            Formats.fraction(recall.recall()));
      }
    }
    return isMeasured ? table.build() : null;
  }
}
