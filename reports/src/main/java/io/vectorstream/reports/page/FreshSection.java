package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Mark;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.RunSummary;
import java.util.List;
import java.util.Optional;

/** The section about how soon clicks changed the answers of the API. */
final class FreshSection {
  private static final double TARGET_MS = 300;

  private FreshSection() {}

  static Optional<Section> of(Report report) {
    List<Named<RunSummary>> runs =
        report.runs().stream().filter(run -> run.result().fresh() != null).toList();
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    Table.Builder table =
        Table.of(
            "From a click to a changed answer",
            Column.text("Run"),
            Column.number("Percentile"),
            Column.number("Time"));
    for (Named<RunSummary> run : runs) {
      run.result()
          .fresh()
          .latencyCurve()
          .forEach(
              each ->
                  table.row(run.name(), Formats.exact(each.percentile()), Formats.time(each.ms())));
    }
    Chart chart =
        Chart.of(
            "fresh",
            "Time from a click to a changed answer by percentile",
            Axis.percentiles(),
            Axis.log("time", Format.MILLISECONDS),
            runs.stream()
                .map(
                    run ->
                        Series.line(
                            run.name(),
                            RunSections.curvePoints(run.result().fresh().latencyCurve())))
                .toList(),
            new Mark(TARGET_MS, "target for p99"));
    RunSummary.Fresh last = runs.get(runs.size() - 1).result().fresh();
    return Optional.of(
        new Section(
            "fresh",
            "From a click to a changed answer",
            ("How long it took from a click's own timestamp until an answer about its user had"
                    + " changed, while the load was on and %s other requests a second were"
                    + " answered. No batch is waited for.")
                .formatted(Formats.number(last.requestsPerSecond())),
            List.of(Block.chart(null, null, chart, table.build()))));
  }
}
