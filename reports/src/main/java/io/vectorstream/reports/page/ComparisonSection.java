package io.vectorstream.reports.page;

import io.vectorstream.reports.compare.Comparison;
import io.vectorstream.reports.compare.FigureChange;
import io.vectorstream.reports.compare.Verdict;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The section with these results beside earlier ones. */
final class ComparisonSection {
  static final String RULES =
      "How noise is told: of JMH and of recommendations, by whether the confidence intervals"
          + " overlap; of steps and of Spark with RAPIDS, by whether the ranges of at least 3"
          + " repetitions do. Latencies and the sustained rate of a run: within 3 standard"
          + " deviations, estimated from the median absolute deviation of its batches. Figures of"
          + " batches: the Mann-Whitney test at 1 %. The highest rate of a sweep: up to the next"
          + " rate that was tried and missed. Counts of lost events are exact. What was measured"
          + " once is not judged. Where there are several earlier results of the same machine,"
          + " their values are averaged, and a figure has to be beyond the noise of each of them.";

  private ComparisonSection() {}

  static Optional<Section> of(Report report) {
    return report.comparison().map(ComparisonSection::section);
  }

  private static Section section(Comparison comparison) {
    List<Block> blocks = new ArrayList<>();
    machines(comparison).ifPresent(text -> blocks.add(Block.text(text)));
    comparison.days().warning().ifPresent(text -> blocks.add(Block.text(text)));
    addTable(blocks, "Worse", comparison.with(Verdict.REGRESSION), false);
    addTable(blocks, "Better", comparison.with(Verdict.IMPROVEMENT), false);
    List<FigureChange> rest =
        comparison.changes().stream()
            .filter(
                change ->
                    change.verdict() != Verdict.REGRESSION
                        && change.verdict() != Verdict.IMPROVEMENT)
            .toList();
    addTable(blocks, "Everything else", rest, true);
    blocks.add(Block.text(RULES));
    return new Section("comparison", "Against the earlier results", summary(comparison), blocks);
  }

  /** Returns the outcome in a sentence or two. */
  static String summary(Comparison comparison) {
    if (comparison.changes().isEmpty()) {
      return "The earlier results have no figure in common with these.";
    }
    List<String> parts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      int count = comparison.with(verdict).size();
      if (count > 0 || verdict == Verdict.REGRESSION) {
        parts.add(count + " " + verdict.words());
      }
    }
    String text =
        "%s compared%s, worse or better only beyond noise: %s. Changes below %s are never marked."
            .formatted(
                Formats.plural(comparison.changes().size(), "figure", "figures"),
                comparison.setsBefore() == 1
                    ? ""
                    : " with those of %d earlier files or folders"
                        .formatted(comparison.setsBefore()),
                String.join(", ", parts),
                Formats.percent(comparison.tolerance()));
    return comparison.missing() + comparison.added() == 0
        ? text
        : "%s Without a counterpart: %d of the earlier figures, %d of these."
            .formatted(text, comparison.missing(), comparison.added());
  }

  /** Returns a sentence if figures come from machines that differ. */
  static Optional<String> machines(Comparison comparison) {
    return comparison.with(Verdict.OTHER_MACHINE).isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Not comparable: the machines differ. Before: %s. Now: %s. Their changes are shown, but none is marked."
                .formatted(words(comparison.machinesBefore()), words(comparison.machinesNow())));
  }

  private static String words(List<Machine> machines) {
    return machines.stream().map(Machine::inWords).collect(Collectors.joining("; "));
  }

  private static void addTable(
      List<Block> blocks, String title, List<FigureChange> changes, boolean isFolded) {
    if (!changes.isEmpty()) {
      blocks.add(new Block(title, null, null, table(title, changes), isFolded));
    }
  }

  static Table table(String caption, List<FigureChange> changes) {
    Table.Builder table =
        Table.of(
            caption,
            Column.text("Figure"),
            Column.text("Of"),
            Column.number("Before"),
            Column.number("Now"),
            Column.number("Change"),
            Column.text("Verdict"),
            Column.text("Judged by"));
    for (FigureChange change : changes) {
      table.styledRow(
          style(change.verdict()),
          change.name(),
          change.kind().words() + ", " + change.setup(),
          Formats.value(change.valueBefore(), change.unit()),
          Formats.value(change.valueNow(), change.unit()),
          Formats.change(change.relative()),
          change.verdict().words(),
          change.rule());
    }
    return table.build();
  }

  static String style(Verdict verdict) {
    return switch (verdict) {
      case REGRESSION -> "bad";
      case IMPROVEMENT -> "good";
      default -> "";
    };
  }
}
