package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Point;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The section about the same load on the embedded services and on real ones. */
final class BesideSection {
  private BesideSection() {}

  static Optional<Section> of(Report report) {
    List<Block> blocks = new ArrayList<>();
    List<Named<BesideResult>> all = report.all(BesideResult.class);
    for (int i = 0; i < all.size(); i++) {
      String suffix = all.size() == 1 ? "" : " (%s)".formatted(all.get(i).name());
      List<Named<RunSummary>> runs = report.runsOf(all.get(i));
      blocks.add(figures(suffix, all.get(i).result()));
      blocks.add(throughput(i, suffix, runs));
      blocks.add(
          RunSections.percentiles(
              "beside-percentiles-" + i,
              "Latency by percentile" + suffix,
              "Events that the load sends late on purpose are left out.",
              runs));
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "beside",
                "Embedded and real services",
                "The same load, event for event, on a Kafka and a vector store in the process of the"
                    + " pipeline, and on those at the addresses that were given. The runs take"
                    + " turns, and each embeds its texts anew.",
                blocks));
  }

  private static Block figures(String suffix, BesideResult result) {
    Table.Builder table =
        Table.of(
            "Figures on embedded and on real services" + suffix,
            Column.text("Figure"),
            Column.number("Embedded"),
            Column.number("Real"),
            Column.number("Real / embedded"));
    for (BesideFigures.Row row : BesideFigures.of(result)) {
      table.row(row.name(), row.embedded(), row.real(), row.ratio());
    }
    return Block.table("Side by side" + suffix, words(result), table.build());
  }

  private static String words(BesideResult result) {
    String rounds =
        result.rounds() == 1
            ? "One round: other work of the machine changes the ratios, too."
            : "%d rounds: the median, and from the lowest to the highest."
                .formatted(result.rounds());
    return result.complete()
        ? rounds
        : rounds + " It ended early: what it had not come to is missing.";
  }

  private static Block throughput(int index, String suffix, List<Named<RunSummary>> runs) {
    Table.Builder table =
        Table.of(
            "Throughput of each batch" + suffix,
            Column.text("Run"),
            Column.number("Start, s"),
            Column.number("Events"),
            Column.number("Events/s while it works"));
    List<Series> series = new ArrayList<>();
    for (Named<RunSummary> run : runs) {
      double[] seconds = RunSections.starts(run.result());
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < seconds.length; i++) {
        Batch batch = run.result().batches().get(i);
        if (batch.events() > 0) {
          points.add(Point.of(seconds[i], batch.rate()));
          table.row(
              run.name(),
              Formats.number(seconds[i]),
              Formats.count(batch.events()),
              Formats.number(batch.rate()));
        }
      }
      series.add(Series.line(run.name(), points));
    }
    Chart chart =
        Chart.of(
            "beside-throughput-" + index,
            "Events per second of each batch while it works, over the time of each run",
            Axis.linear("seconds since the start of the run", Format.NUMBER),
            Axis.linear("events/s", Format.NUMBER),
            series);
    return Block.chart("Throughput while a batch works" + suffix, null, chart, table.build());
  }
}
