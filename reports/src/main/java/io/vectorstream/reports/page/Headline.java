package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Report.Highest;
import io.vectorstream.reports.page.Report.NamedTarget;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.Machine;
import io.vectorstream.reports.result.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The beginning of the page: the outcome in a sentence, in a few figures, and the targets. */
final class Headline {
  static final String SYSTEM =
      "VectorStream carries a shop's events from Kafka through Spark, turns product texts into"
          + " sentence embeddings, and keeps everything in a Qdrant vector store, each event"
          + " counted once and only once.";

  private final Report report;

  Headline(Report report) {
    this.report = report;
  }

  /**
   * @param value with its unit
   * @param note its subject; may be empty
   */
  record Tile(String name, String value, String note) {}

  /**
   * Returns {@code bad} if a target was missed, {@code good} if one or more were met, or {@code
   * quiet} if none was measured.
   */
  String style() {
    TargetCounts counts = TargetCounts.of(report);
    return counts.missed() > 0 ? "bad" : counts.met() > 0 ? "good" : "quiet";
  }

  String verdict() {
    return TargetCounts.of(report).verdict();
  }

  /** Returns the time and the machine of the measurements. */
  String measured() {
    String when =
        report
            .measuredAt()
            .map(at -> "Measured on " + Formats.minute(at))
            .orElse("Time not recorded");
    String where =
        report.machines().isEmpty()
            ? "machine not recorded"
            : report.machines().stream().map(Machine::inWords).collect(Collectors.joining("; "));
    return when + ", on " + where + ".";
  }

  /** Returns the highest sustained rate in a sentence. */
  String highest() {
    return report
        .highest()
        .map(
            highest ->
                "The highest sustained rate is %s: %s."
                    .formatted(Formats.rate(highest.eventsPerSecond()), highest.where()))
        .orElse("No run that met every target is among these results, so none states a rate.");
  }

  List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    Optional<Highest> highest = report.highest();
    highest.ifPresent(
        best ->
            tiles.add(
                new Tile("Highest sustained rate", Formats.rate(best.eventsPerSecond()), "")));
    highest
        .map(Highest::run)
        .or(() -> report.runs().stream().findFirst().map(Report.Named::result))
        .ifPresent(run -> addRun(tiles, run));
    return tiles;
  }

  private static void addRun(List<Tile> tiles, RunSummary run) {
    String at = "at " + Formats.rate(run.throughputEps().offered()) + " offered";
    tiles.add(new Tile("Latency, 99 % of events", Formats.time(run.latencyMs().p99()), at));
    tiles.add(
        new Tile(
            "Events lost",
            Formats.count(run.events().lost()),
            "of " + Formats.count(run.events().sent()) + " sent"));
    tiles.add(new Tile("Peak memory", Formats.count(run.memoryMb().peakRss()) + " MB", at));
    tiles.add(
        new Tile(
            "Embedding",
            run.embedding().texts() == 0
                ? "no new text"
                : Formats.number(run.embedding().textsPerSecond()) + " texts/s",
            Formats.percent(run.embedding().cacheHitRatio()) + " of texts were known already"));
  }

  Table targets() {
    Table.Builder table =
        Table.of(
            "What was asked of every run, and what was measured",
            Column.text("Target"),
            Column.text("Run"),
            Column.text("Asked"),
            Column.text("Measured"),
            Column.text("Outcome"));
    for (NamedTarget each : report.targets()) {
      table.styledRow(
          each.target().isMet() ? "good" : each.target().isMissed() ? "bad" : "quiet",
          each.target().name(),
          each.run(),
          each.target().target(),
          each.target().actual(),
          each.target().isMet()
              ? "✓ met"
              : each.target().isMissed() ? "✗ missed" : "– not measured");
    }
    return table.build();
  }
}
