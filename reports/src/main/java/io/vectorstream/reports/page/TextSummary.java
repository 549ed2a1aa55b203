package io.vectorstream.reports.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.compare.Comparison;
import io.vectorstream.reports.compare.FigureChange;
import io.vectorstream.reports.compare.Verdict;
import io.vectorstream.reports.page.Report.Highest;
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
          "%-8s%-18s%-34s%-22s %s",
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
    return json;
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
