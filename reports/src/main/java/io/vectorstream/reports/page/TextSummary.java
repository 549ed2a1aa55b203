package io.vectorstream.reports.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.compare.Comparison;
import io.vectorstream.reports.compare.FigureChange;
import io.vectorstream.reports.compare.PairedComparison;
import io.vectorstream.reports.compare.PairedFigure;
import io.vectorstream.reports.compare.PairedRatio;
import io.vectorstream.reports.compare.Verdict;
import io.vectorstream.reports.page.Report.Highest;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Report.NamedTarget;
import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.SystemsResult;
import java.util.Locale;

/** The outcome of a report for a terminal and for programs. */
public final class TextSummary {
  private TextSummary() {}

  /** Returns some lines, each with its line break. */
  public static String of(Report report) {
    Headline headline = new Headline(report);
    StringBuilder text = new StringBuilder();
    for (NamedTarget each : report.targets()) {
      line(
          text,
          "%-8s%-17s %-33s %-21s %s",
          outcome(each),
          each.target().name(),
          each.target().target(),
          each.target().actual(),
          each.run());
    }
    report.all(BesideResult.class).forEach(beside -> beside(text, beside.result()));
    report
        .all(SystemsResult.class)
        .forEach(systems -> text.append(SystemsTable.text(systems.result())));
    line(text, "%s. %s", headline.verdict(), headline.highest());
    report.comparison().ifPresent(comparison -> compare(text, comparison));
    report.pairedComparisons().forEach(paired -> paired(text, paired));
    return text.toString();
  }

  private static String outcome(NamedTarget each) {
    return each.target().isMet() ? "met" : each.target().isMissed() ? "MISSED" : "–";
  }

  private static void beside(StringBuilder text, BesideResult beside) {
    line(text, "");
    line(text, "%-30s%-30s%-30s%s", "", "embedded", "real", "real / embedded");
    for (BesideFigures.Row row : BesideFigures.of(beside)) {
      line(text, "%-30s%-30s%-30s%s", row.name(), row.embedded(), row.real(), row.ratio());
    }
    line(text, "");
  }

  private static void compare(StringBuilder text, Comparison comparison) {
    line(text, "%s", ComparisonSection.summary(comparison));
    ComparisonSection.machines(comparison).ifPresent(words -> line(text, "%s", words));
    comparison.days().warning().ifPresent(words -> line(text, "%s", words));
    for (FigureChange change : comparison.with(Verdict.REGRESSION)) {
      line(
          text,
          "WORSE   %s: %s -> %s (%s), %s, %s",
          change.name(),
          Formats.value(change.valueBefore(), change.unit()),
          Formats.value(change.valueNow(), change.unit()),
          Formats.change(change.relative()),
          change.kind().words(),
          change.setup());
    }
  }

  private static void paired(StringBuilder text, Named<PairedComparison> paired) {
    line(text, "");
    line(text, "%s. %s", paired.name(), PairedSection.summary(paired.result()));
    paired.result().days().warning().ifPresent(warning -> line(text, "%s", warning));
    line(text, "%-8s%-44s%16s%16s%11s  %-16s", "", "", "old", "new", "new / old", "95 % interval");
    for (PairedFigure figure : paired.result().figures()) {
      line(
          text,
          "%-8s%-44s%16s%16s%11s  %-16s",
          switch (figure.verdict()) {
            case REGRESSION -> "WORSE";
            case IMPROVEMENT -> "better";
            default -> "";
          },
          figure.name(),
          Formats.value(figure.middleBefore(), figure.unit()),
          Formats.value(figure.middleNow(), figure.unit()),
          PairedSection.ratio(figure),
          PairedSection.interval(figure));
    }
  }

  /** Returns {@code highest_sustained_eps}, {@code targets} and {@code comparison}. */
  public static ObjectNode json(Report report) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("highest_sustained_eps", report.highest().map(Highest::eventsPerSecond).orElse(null));
    ArrayNode targets = json.putArray("targets");
    for (NamedTarget each : report.targets()) {
      targets
          .addObject()
          .put("run", each.run())
          .put("name", each.target().name())
          .put("target", each.target().target())
          .put("actual", each.target().actual())
          .put("met", each.target().met());
    }
    report
        .comparison()
        .ifPresent(
            comparison -> {
              ArrayNode changes = json.putArray("comparison");
              for (FigureChange change : comparison.changes()) {
                changes
                    .addObject()
                    .put("kind", change.kind().words())
                    .put("setup", change.setup())
                    .put("name", change.name())
                    .put("before", change.valueBefore())
                    .put("now", change.valueNow())
                    .put("verdict", change.verdict().name().toLowerCase(Locale.ROOT))
                    .put("judged_by", change.rule());
              }
            });
    ArrayNode ratios = json.putArray("paired");
    for (Named<PairedComparison> paired : report.pairedComparisons()) {
      paired.result().figures().forEach(figure -> add(ratios.addObject(), paired.name(), figure));
    }
    return json;
  }

  private static void add(ObjectNode json, String comparison, PairedFigure figure) {
    json.put("comparison", comparison)
        .put("kind", figure.kind().words())
        .put("setup", figure.setup())
        .put("name", figure.name())
        .put("pairs", figure.now().size())
        .put("before", figure.middleBefore())
        .put("now", figure.middleNow())
        .put("ratio", figure.ratio().map(PairedRatio::ratio).orElse(null))
        .put("low", figure.ratio().map(PairedRatio::low).orElse(null))
        .put("high", figure.ratio().map(PairedRatio::high).orElse(null))
        .put("verdict", figure.verdict().name().toLowerCase(Locale.ROOT));
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
