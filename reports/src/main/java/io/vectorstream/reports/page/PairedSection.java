package io.vectorstream.reports.page;

import io.vectorstream.reports.compare.PairedComparison;
import io.vectorstream.reports.compare.PairedFigure;
import io.vectorstream.reports.compare.PairedRatio;
import io.vectorstream.reports.compare.Verdict;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The section about two builds that were measured in turns. */
final class PairedSection {
  static final String METHOD =
      "The ratio is the new value divided by the old one: the mean of the logarithms over the pairs,"
          + " with a 95 % interval by Student's t distribution. Worse or better means that the"
          + " interval leaves out 1, in 3 pairs or more, and the ratio is beyond the tolerance. Of 20"
          + " figures that have not changed, one is outside of its interval by chance.";

  private PairedSection() {}

  static Optional<Section> of(Report report) {
    List<Named<PairedComparison>> all = report.pairedComparisons();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    List<Block> blocks = new ArrayList<>();
    for (Named<PairedComparison> each : all) {
      each.result().days().warning().ifPresent(text -> blocks.add(Block.text(text)));
      blocks.add(Block.table(each.name(), summary(each.result()), table(each)));
    }
    blocks.add(Block.text(METHOD));
    return Optional.of(
        new Section(
            "paired",
            "Old and new in turns",
            "Each pair was measured one right after the other, so that what changes slowly on the"
                + " machine changes both.",
            blocks));
  }

  /** Returns the outcome in a sentence. */
  static String summary(PairedComparison paired) {
    if (paired.figures().isEmpty()) {
      return "The two have no figure as often as each other, so there are no pairs.";
    }
    return "%s in pairs: %d worse, %d better; changes below %s are never marked.%s"
        .formatted(
            Formats.plural(paired.figures().size(), "figure", "figures"),
            paired.with(Verdict.REGRESSION).size(),
            paired.with(Verdict.IMPROVEMENT).size(),
            Formats.percent(paired.tolerance()),
            paired.unpaired() == 0 ? "" : " Without a pair: %d.".formatted(paired.unpaired()));
  }

  static Table table(Named<PairedComparison> paired) {
    Table.Builder table =
        Table.of(
            paired.name(),
            Column.text("Figure"),
            Column.text("Of"),
            Column.number("Old, median"),
            Column.number("New, median"),
            Column.number("New / old"),
            Column.number("95 % interval"),
            Column.number("Pairs"),
            Column.text("Verdict"));
    for (PairedFigure figure : paired.result().figures()) {
      table.styledRow(
          ComparisonSection.style(figure.verdict()),
          figure.name(),
          figure.kind().words() + ", " + figure.setup(),
          Formats.value(figure.middleBefore(), figure.unit()),
          Formats.value(figure.middleNow(), figure.unit()),
          ratio(figure),
          interval(figure),
          Integer.toString(figure.now().size()),
          figure.verdict().words());
    }
    return table.build();
  }

  static String ratio(PairedFigure figure) {
    return figure.ratio().map(ratio -> three(ratio.ratio())).orElse("–");
  }

  /** Returns {@code 0.912 to 0.954}. */
  static String interval(PairedFigure figure) {
    return figure.ratio().map(PairedSection::interval).orElse("–");
  }

  private static String interval(PairedRatio ratio) {
    return three(ratio.low()) + " to " + three(ratio.high());
  }

  private static String three(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
