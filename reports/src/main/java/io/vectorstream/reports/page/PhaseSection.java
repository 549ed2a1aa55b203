package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Point;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The section about the time of the batches by phase. */
final class PhaseSection {
  private PhaseSection() {}

  static Optional<Section> of(Report report) {
    List<Named<RunSummary>> worked =
        report.runs().stream().filter(run -> !run.result().batches().isEmpty()).toList();
    if (worked.isEmpty()) {
      return Optional.empty();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(shares(worked));
    for (int i = 0; i < worked.size(); i++) {
      blocks.add(phasesOfBatches(i, worked.get(i)));
    }
    return Optional.of(
        new Section(
            "phases",
            "Where the time goes",
            "Parse: reading from Kafka, checking, counting. Embed: turning new product texts into"
                + " vectors. Store: writing to the vector store. Other: Spark's own work around a"
                + " batch, such as its checkpoint.",
            blocks));
  }

  private enum Phase {
    PARSE("parse", batch -> batch.phasesMs().parse()),
    EMBED("embed", batch -> batch.phasesMs().embed()),
    STORE("store", batch -> batch.phasesMs().store()),
    OTHER("other", Batch::otherMs);

    private final String words;
    private final ToDoubleFunction<Batch> ms;

    Phase(String words, ToDoubleFunction<Batch> ms) {
      this.words = words;
      this.ms = ms;
    }

    double ms(List<Batch> batches) {
      return batches.stream().mapToDouble(ms).sum();
    }
  }

  private static Block shares(List<Named<RunSummary>> runs) {
    Table.Builder table =
        Table.of(
            "Time of all batches by phase",
            Column.text("Run"),
            Column.text("Phase"),
            Column.number("Time"),
            Column.number("Share"));
    List<Series> series = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        List<Batch> batches = runs.get(i).result().batches();
        double all = 0;
        for (Phase each : Phase.values()) {
          all += each.ms(batches);
        }
        points.add(Point.of(i, 100 * phase.ms(batches) / all));
      }
      Series bars = Series.bars(phase.words, points).stacked("time");
      series.add(phase == Phase.OTHER ? bars.in("quiet") : bars);
    }
    for (int i = 0; i < runs.size(); i++) {
      for (int phase = 0; phase < Phase.values().length; phase++) {
        table.row(
            runs.get(i).name(),
            Phase.values()[phase].words,
            Formats.time(Phase.values()[phase].ms(runs.get(i).result().batches())),
            Formats.percent(series.get(phase).points().get(i).y() / 100));
      }
    }
    Chart chart =
        Chart.of(
                "phase-shares",
                "Share of each phase in the time of all batches, by run",
                Axis.categories("run", runs.stream().map(Named::name).toList()),
                Axis.linear("share of the time", Format.PERCENT),
                series)
            .horizontal();
    return Block.chart("Over all batches", null, chart, table.build());
  }

  private static Block phasesOfBatches(int index, Named<RunSummary> run) {
    List<Batch> batches = run.result().batches();
    List<Series> series = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      Series bars =
          Series.bars(
                  phase.words,
                  IntStream.range(0, batches.size())
                      .mapToObj(i -> Point.of(i, phase.ms.applyAsDouble(batches.get(i))))
                      .toList())
              .stacked("time");
      series.add(phase == Phase.OTHER ? bars.in("quiet") : bars);
    }
    Table.Builder table =
        Table.of(
            "Time of every batch of " + run.name() + " by phase, in ms",
            Column.text("Batch"),
            Column.number("Parse"),
            Column.number("Embed"),
            Column.number("Store"),
            Column.number("Other"));
    for (Batch batch : batches) {
      table.row(
          Long.toString(batch.id()),
          Formats.count(batch.phasesMs().parse()),
          Formats.count(batch.phasesMs().embed()),
          Formats.count(batch.phasesMs().store()),
          Formats.count(batch.otherMs()));
    }
    Chart chart =
        Chart.of(
            "phases-" + index,
            "Time of every batch of " + run.name() + " by phase",
            Axis.categories(
                "batch", batches.stream().map(batch -> Long.toString(batch.id())).toList()),
            Axis.linear("time", Format.MILLISECONDS),
            series);
    return Block.chart(run.name() + ": batch by batch", null, chart, table.build());
  }
}
