package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Mark;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Percentile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The section about how soon what was sent could be found, and changed answers of the API. */
final class FreshSection {
  private FreshSection() {}

  /**
   * The times of one kind in one run.
   *
   * @param targetMs null for none
   */
  private record Times(String run, Long targetMs, List<Percentile> curve) {}

  static Optional<Section> of(Report report) {
    List<Block> blocks = new ArrayList<>();
    add(
        "fresh",
        "From a click to a changed answer",
        "Until an answer about the click's user had changed. No batch is waited for.",
        times(
            report,
            RunSummary::fresh,
            fresh -> new Times(null, fresh.targetMs(), fresh.latencyCurve())),
        blocks);
    add(
        "event-stored",
        "From an event to the store",
        "Until the store gave the event to somebody who asked for it.",
        times(
            report,
            RunSummary::searchable,
            seen -> new Times(null, seen.events().targetMs(), seen.events().latencyCurve())),
        blocks);
    add(
        "product-found",
        "From a new product's first event to a search that finds it",
        "Until a search for its text found the product, by its embedding.",
        times(
            report,
            RunSummary::searchable,
            seen -> new Times(null, seen.products().targetMs(), seen.products().latencyCurve())),
        blocks);
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "fresh",
                "How soon it can be found",
                "Times from an event's own timestamp, while the load was on"
                    + requests(report)
                    + ".",
                blocks));
  }

  private static String requests(Report report) {
    return report.runs().stream()
        .map(run -> run.result().fresh())
        .filter(Objects::nonNull)
        .reduce((before, last) -> last)
        .map(
            fresh ->
                " and %s other requests a second were answered%s"
                    .formatted(
                        Formats.number(fresh.requestsPerSecond()),
                        fresh.failedRequests() == null || fresh.failedRequests() == 0
                            ? ""
                            : "; %s failed".formatted(Formats.count(fresh.failedRequests()))))
        .orElse("");
  }

  private static <T> List<Times> times(
      Report report, Function<RunSummary, T> part, Function<T, Times> times) {
    List<Times> all = new ArrayList<>();
    for (Named<RunSummary> run : report.runs()) {
      T measured = part.apply(run.result());
      if (measured != null) {
        Times found = times.apply(measured);
        all.add(new Times(run.name(), found.targetMs(), found.curve()));
      }
    }
    return all;
  }

  private static void add(
      String id, String title, String text, List<Times> runs, List<Block> blocks) {
    List<Times> measured = runs.stream().filter(run -> !run.curve().isEmpty()).toList();
    if (measured.isEmpty()) {
      return;
    }
    Table.Builder table =
        Table.of(title, Column.text("Run"), Column.number("Percentile"), Column.number("Time"));
    for (Times run : measured) {
      run.curve()
          .forEach(
              each ->
                  table.row(run.run(), Formats.exact(each.percentile()), Formats.time(each.ms())));
    }
    blocks.add(
        Block.chart(
            title,
            text,
            Chart.of(
                id,
                title + ", by percentile",
                Axis.percentiles(),
                Axis.log("time", Format.MILLISECONDS),
                measured.stream()
                    .map(run -> Series.line(run.run(), RunSections.curvePoints(run.curve())))
                    .toList(),
                measured.stream()
                    .map(Times::targetMs)
                    .filter(Objects::nonNull)
                    .distinct()
                    .map(target -> new Mark(target, "target for p99"))
                    .toArray(Mark[]::new)),
            table.build()));
  }
}
