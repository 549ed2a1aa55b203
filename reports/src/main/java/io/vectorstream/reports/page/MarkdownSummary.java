package io.vectorstream.reports.page;

import com.samskivert.mustache.Mustache;
import io.vectorstream.reports.compare.Comparison;
import io.vectorstream.reports.compare.FigureChange;
import io.vectorstream.reports.compare.PairedComparison;
import io.vectorstream.reports.compare.Verdict;
import io.vectorstream.reports.page.Report.Named;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The essence of a report as Markdown, for the page of a CI job. */
public final class MarkdownSummary {
  private MarkdownSummary() {}

  public static String of(Report report) {
    Headline headline = new Headline(report);
    Map<String, Object> context = new HashMap<>();
    context.put("verdict", headline.verdict());
    context.put("measured", headline.measured());
    context.put("highest", headline.highest());
    context.put("tiles", headline.tiles());
    context.put("hasTiles", !headline.tiles().isEmpty());
    context.put("targets", headline.targets());
    context.put("hasTargets", !report.targets().isEmpty());
    report
        .comparison()
        .ifPresent(
            comparison -> {
              context.put("comparison", ComparisonSection.summary(comparison));
              ComparisonSection.machines(comparison)
                  .ifPresent(text -> context.put("machines", text));
              comparison.days().warning().ifPresent(text -> context.put("days", text));
              List<FigureChange> marked = marked(comparison);
              context.put("hasMarked", !marked.isEmpty());
              context.put("marked", ComparisonSection.table("", marked));
            });
    List<Map<String, Object>> paired = new ArrayList<>();
    for (Named<PairedComparison> each : report.pairedComparisons()) {
      paired.add(
          Map.of(
              "name", each.name(),
              "summary", PairedSection.summary(each.result()),
              "days", each.result().days().warning().orElse(""),
              "figures", PairedSection.table(each)));
    }
    context.put("paired", paired);
    return Mustache.compiler()
        .withEscaper(MarkdownSummary::escape)
        .nullValue("")
        .emptyStringIsFalse(true)
        .compile(Resources.text("summary.md"))
        .execute(context);
  }

  private static List<FigureChange> marked(Comparison comparison) {
    return Stream.of(Verdict.REGRESSION, Verdict.IMPROVEMENT)
        .flatMap(verdict -> comparison.with(verdict).stream())
        .toList();
  }

  /** Escapes Markdown, so that a text from a file stays a text, also within a table. */
  private static String escape(String raw) {
    return raw.replaceAll("[\\r\\n]+", " ")
        .replaceAll("([\\\\`*_{}\\[\\]#|~])", "\\\\$1")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("://", ":&#8203;//");
  }
}
