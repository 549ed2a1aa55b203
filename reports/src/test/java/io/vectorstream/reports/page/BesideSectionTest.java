package io.vectorstream.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.Fixtures;
import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same load on embedded and on real services, as a page and a terminal show it. */
class BesideSectionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static ObjectNode summary(String services, double factor) throws IOException {
    ObjectNode summary = (ObjectNode) JSON.readTree(Fixtures.file("demo.json").toFile());
    ((ObjectNode) summary.path("environment")).put("services", services);
    ObjectNode latency = (ObjectNode) summary.path("latency_ms");
    latency.put("p99", Math.round(latency.path("p99").asLong() * factor));
    for (JsonNode batch : summary.path("batches")) {
      ((ObjectNode) batch)
          .put("duration_ms", Math.round(batch.path("duration_ms").asLong() * factor));
    }
    return summary;
  }

  private Path file(String name, boolean complete, ObjectNode... summaries) throws IOException {
    ObjectNode result = JSON.createObjectNode();
    result.put("schema", 1).put("kind", "beside").put("complete", complete).put("seed", 1);
    result.put("started_at", "2026-01-01T00:00:00Z").put("finished_at", "2026-01-01T00:01:00Z");
    result.set("environment", summaries[0].path("environment"));
    result.put("rounds", (summaries.length + 1) / 2);
    ArrayNode runs = result.putArray("runs");
    for (int i = 0; i < summaries.length; i++) {
      runs.addObject().put("round", i / 2 + 1).set("summary", summaries[i]);
    }
    return Files.writeString(folder.resolve(name), result.toString());
  }

  private static Report report(Path... files) {
    return new Report(Instant.EPOCH, ResultReader.read(List.of(files)), Optional.empty());
  }

  private static BesideFigures.Row row(Report report, String name) {
    BesideResult result = report.all(BesideResult.class).get(0).result();
    return BesideFigures.of(result).stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void each_figure_stands_beside_the_other_with_their_ratio() throws IOException {
    Report report = report(file("b.json", true, summary("embedded", 1), summary("external", 2)));

    assertThat(row(report, "Latency, p99"))
        .isEqualTo(new BesideFigures.Row("Latency, p99", "11.8 s", "23.7 s", "× 2"));
    assertThat(row(report, "Sustained").ratio()).isEqualTo("× 1");
    assertThat(row(report, "A batch, median").ratio()).isEqualTo("× 2");
    assertThat(row(report, "Lost events").embedded()).startsWith("0 of ");
    assertThat(HtmlPage.of(report))
        .contains(
            "<section id=\"beside\"",
            "<caption>Figures on embedded and on real services</caption>",
            "data-column=\"Real / embedded\">× 2</td>",
            "id=\"chart-beside-throughput-0\"",
            "id=\"chart-beside-percentiles-0\"",
            "All 14 targets met",
            "real: throughput")
        .doesNotContain("<section id=\"percentiles\"");
  }

  @Test
  void a_chart_has_a_curve_for_each_kind_of_services() throws IOException {
    Report report = report(file("b.json", true, summary("embedded", 1), summary("external", 2)));

    assertThat(BesideSection.of(report).orElseThrow().blocks())
        .filteredOn(block -> block.chart() != null)
        .hasSize(2)
        .allSatisfy(
            block ->
                assertThat(block.chart().series())
                    .extracting(Chart.Series::name)
                    .containsExactly("embedded", "real"));
  }

  @Test
  void several_rounds_have_a_median_and_a_range() throws IOException {
    Report report =
        report(
            file(
                "b.json",
                true,
                summary("embedded", 1),
                summary("external", 2),
                summary("external", 1),
                summary("embedded", 0.5)));

    assertThat(row(report, "Latency, p99").real()).isEqualTo("17.8 s (11.8 s to 23.7 s)");
    assertThat(row(report, "Latency, p99").ratio()).isEqualTo("× 2");
    assertThat(report.targets())
        .extracting(Report.NamedTarget::run)
        .contains("embedded, round 1", "real, round 1", "real, round 2", "embedded, round 2");
  }

  @Test
  void a_side_that_was_not_measured_is_left_open() throws IOException {
    Report report = report(file("b.json", false, summary("embedded", 1)));

    assertThat(row(report, "Latency, p99"))
        .isEqualTo(new BesideFigures.Row("Latency, p99", "11.8 s", "–", "–"));
    assertThat(row(report, "A batch, median").real()).isEqualTo("–");
    assertThat(HtmlPage.of(report)).contains("It ended early");
  }

  @Test
  void two_of_them_in_one_report_are_told_apart_by_their_files() throws IOException {
    Report report =
        report(
            file("one.json", true, summary("embedded", 1), summary("external", 2)),
            file("two.json", true, summary("embedded", 1), summary("external", 3)));

    assertThat(report.runs())
        .extracting(Report.Named::name)
        .containsExactly("one, embedded", "one, real", "two, embedded", "two, real");
  }

  @Test
  void a_terminal_shows_the_same_figures() throws IOException {
    Path file = file("b.json", true, summary("embedded", 1), summary("external", 2));

    assertThat(TextSummary.of(report(file)).lines())
        .anyMatch(line -> line.matches(" +embedded +real +real / embedded"))
        .anyMatch(line -> line.matches("Latency, p99 +11.8 s +23.7 s +× 2"));
  }

  @Test
  void the_versions_of_both_are_named() throws IOException {
    List<ResultFile> files =
        ResultReader.read(
            List.of(file("b.json", true, summary("embedded", 1), summary("external", 2))));

    assertThat(files.get(0).result().software()).containsEntry("Services", "embedded; external");
  }
}
