package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.SystemsResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The section about the same load on several systems. */
final class SystemsSection {
  private SystemsSection() {}

  static Optional<Section> of(Report report) {
    List<Block> blocks = new ArrayList<>();
    List<Named<SystemsResult>> all = report.all(SystemsResult.class);
    for (Named<SystemsResult> each : all) {
      String suffix = all.size() == 1 ? "" : " (%s)".formatted(each.name());
      blocks.add(figures(suffix, each.result()));
      blocks.add(promises(suffix, each.result()));
      phases(suffix, each.result()).ifPresent(blocks::add);
      doubts(suffix, each.result()).ifPresent(blocks::add);
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "systems",
                "Systems side by side",
                "The same load, event for event, on systems that carry events from Kafka to a vector"
                    + " store. They take turns on the same machine. All figures come from Kafka, the"
                    + " store and the operating system, none from a system's own word.",
                blocks));
  }

  private static Block figures(String suffix, SystemsResult result) {
    List<Column> columns = new ArrayList<>(List.of(Column.text("Figure")));
    result.systems().forEach(system -> columns.add(Column.number(system)));
    columns.add(Column.text("Best"));
    Table.Builder table =
        Table.of("Figures of each system" + suffix, columns.toArray(Column[]::new));
    for (SystemsTable.Row row : SystemsTable.of(result)) {
      table.row(
          Stream.of(
                  Stream.of(row.name()),
                  row.values().stream(),
                  Stream.of(String.join(", ", row.best())))
              .flatMap(cells -> cells)
              .toArray(String[]::new));
    }
    return Block.table("Figures" + suffix, words(result), table.build());
  }

  private static String words(SystemsResult result) {
    List<String> words = new ArrayList<>();
    words.add(
        "%s for %s%s, seed %d, %s services."
            .formatted(
                result.ratePerSecond() == null
                    ? "As many events as each system takes"
                    : Formats.rate(result.ratePerSecond()),
                Formats.time(1000 * result.durationS()),
                result.killAfterS() == null
                    ? ""
                    : "; each system is killed after %s and started again at once"
                        .formatted(Formats.time(1000 * result.killAfterS())),
                result.seed(),
                result.services()));
    words.add(
        result.rounds() == 1
            ? "One round: other work of the machine changes the figures, too."
            : "%d rounds: the median, and from the lowest to the highest."
                .formatted(result.rounds()));
    if (!result.complete()) {
      words.add("It ended early: what it had not come to is missing.");
    }
    words.addAll(SystemsTable.wins(result));
    return String.join(" ", words);
  }

  private static Block promises(String suffix, SystemsResult result) {
    Table.Builder table =
        Table.of(
            "What each system promises" + suffix,
            Column.text("System"),
            Column.text("Promise"),
            Column.text("Asked"),
            Column.text("Measured"),
            Column.text("Outcome"));
    for (SystemsResult.Run run : result.runs()) {
      String name = result.nameOf(run);
      for (Target target : run.targets()) {
        table.styledRow(
            target.met() ? "good" : "bad",
            name,
            target.name(),
            target.target(),
            target.actual(),
            target.met() ? "✓ kept" : "✗ broken");
      }
      run.notPromised()
          .forEach(what -> table.styledRow("quiet", name, what, "–", "–", "not promised"));
      if (run.ended() != null) {
        table.styledRow("bad", name, "process", "runs until it is stopped", run.ended(), "–");
      }
    }
    return Block.table("Promises" + suffix, null, table.build());
  }

  private static Optional<Block> phases(String suffix, SystemsResult result) {
    Table.Builder table =
        Table.of(
            "Phases of the load" + suffix,
            Column.text("System"),
            Column.text("Phase"),
            Column.number("From, s"),
            Column.number("Events"),
            Column.number("Lost"),
            Column.number("Until searchable, p50"),
            Column.number("p99"),
            Column.text("Broken, and recovered after"));
    for (SystemsResult.Run run : result.runs()) {
      for (SystemsResult.Phase phase : run.phases()) {
        boolean seen = phase.searchable().watched() > phase.searchable().unseen();
        table.row(
            result.nameOf(run),
            phase.name(),
            Formats.number(phase.startS()),
            Formats.count(phase.valid()),
            Formats.count(phase.lost()),
            seen ? Formats.time(phase.searchable().latencyMs().p50()) : "–",
            seen ? Formats.time(phase.searchable().latencyMs().p99()) : "–",
            faults(run, phase));
      }
    }
    Table built = table.build();
    return built.rows().isEmpty()
        ? Optional.empty()
        : Optional.of(Block.table("Phases" + suffix, null, built));
  }

  private static String faults(SystemsResult.Run run, SystemsResult.Phase phase) {
    return run.faults().stream()
        .filter(fault -> phase.name().equals(fault.phase()))
        .map(
            fault ->
                "%s at %s s: %s"
                    .formatted(
                        fault.what(),
                        Formats.number(fault.atS()),
                        fault.recoveredS() == null
                            ? "not while the load was on"
                            : Formats.time(1000 * fault.recoveredS())))
        .collect(Collectors.joining("; "));
  }

  private static Optional<Block> doubts(String suffix, SystemsResult result) {
    Table.Builder table =
        Table.of("Reasons for doubt" + suffix, Column.text("System"), Column.text("Reason"));
    result
        .runs()
        .forEach(run -> run.doubts().forEach(doubt -> table.row(result.nameOf(run), doubt)));
    Table built = table.build();
    return built.rows().isEmpty()
        ? Optional.empty()
        : Optional.of(Block.table("Reasons not to trust these figures" + suffix, null, built));
  }
}
