package io.vectorstream.reports.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import io.vectorstream.reports.result.EmbeddedResults;
import io.vectorstream.reports.result.ScriptJson;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The report as one HTML file that needs no other file. */
public final class HtmlPage {
  private HtmlPage() {}

  public static String of(Report report) {
    Headline headline = new Headline(report);
    List<Section> sections = sections(report);
    Map<String, Object> context = new HashMap<>();
    context.put("system", Headline.SYSTEM);
    context.put("measured", headline.measured());
    context.put("highest", headline.highest());
    context.put("verdict", headline.verdict());
    context.put("style", headline.style());
    context.put("tiles", headline.tiles());
    context.put("targets", headline.targets());
    context.put("hasTargets", !report.targets().isEmpty());
    context.put("sections", sections);
    context.put("generated", Formats.minute(report.generatedAt()));
    context.put("css", Resources.text("report.css"));
    context.put("echarts", Resources.echarts());
    context.put("script", Resources.text("report.js"));
    context.put("charts", charts(sections));
    context.put("results", EmbeddedResults.element(report.files()));
    return Mustache.compiler()
        .escapeHTML(true)
        .nullValue("")
        .emptyStringIsFalse(true)
        .withLoader(name -> new StringReader(Resources.text(name + ".html")))
        .compile(Resources.text("report.html"))
        .execute(context);
  }

  private static List<Section> sections(Report report) {
    RunSections runs = new RunSections(report);
    List<Section> sections = new ArrayList<>();
    Stream.of(
            ComparisonSection.of(report),
            PairedSection.of(report),
            BesideSection.of(report),
            SystemsSection.of(report),
            runs.overTime(),
            runs.percentiles(),
            FreshSection.of(report),
            PhaseSection.of(report),
            runs.memory(),
            SweepSection.of(report),
            BenchmarkSections.ladder(report),
            BenchmarkSections.jmh(report),
            Optional.of(GpuSection.of(report)),
            QualitySections.quality(report),
            SearchSection.of(report),
            Optional.of(MachineSection.of(report)))
        .flatMap(Optional::stream)
        .forEach(sections::add);
    return sections;
  }

  private static String charts(List<Section> sections) {
    List<Chart> charts =
        sections.stream()
            .flatMap(section -> section.blocks().stream())
            .map(Section.Block::chart)
            .filter(Objects::nonNull)
            .toList();
    try {
      return ScriptJson.escape(new ObjectMapper().writeValueAsString(charts));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("charts always have a JSON form", e);
    }
  }
}
