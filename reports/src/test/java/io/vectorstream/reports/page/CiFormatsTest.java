package io.vectorstream.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.Fixtures;
import io.vectorstream.reports.result.ResultReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What CI systems read of a run of 7 targets: latency, throughput and others. */
class CiFormatsTest {
  @TempDir private Path folder;

  private Report demo(Consumer<JsonNode> change) {
    Path file =
        Fixtures.<ObjectNode>changed(
            "demo.json", folder, run -> change.accept(run.path("targets")));
    return new Report(Instant.EPOCH, ResultReader.read(List.of(file)), Optional.empty());
  }

  private static void outcome(JsonNode targets, int index, Boolean met, String actual) {
    ((ObjectNode) targets.path(index)).put("met", met).put("actual", actual);
  }

  private Report mixed() {
    return demo(
        targets -> {
          outcome(targets, 0, false, "12 <events> & \u0000more");
          outcome(targets, 1, null, "not measured: too short");
        });
  }

  private static Element junit(Report report)
      throws ParserConfigurationException, IOException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(JUnitXml.of(report).getBytes(StandardCharsets.UTF_8)))
        .getDocumentElement();
  }

  @Test
  void each_run_is_a_suite_and_each_of_its_targets_a_case() throws Exception {
    Element all = junit(mixed());
    Element run = (Element) all.getElementsByTagName("testsuite").item(0);
    NodeList cases = run.getElementsByTagName("testcase");

    assertThat(all.getTagName()).isEqualTo("testsuites");
    assertThat(run.getAttribute("name")).isEqualTo("changed-demo");
    assertThat(cases.getLength()).isEqualTo(7);
    for (Element element : List.of(all, run)) {
      assertThat(element.getAttribute("tests")).isEqualTo("7");
      assertThat(element.getAttribute("failures")).isEqualTo("1");
      assertThat(element.getAttribute("skipped")).isEqualTo("1");
      assertThat(element.getAttribute("errors")).isEqualTo("0");
    }
    assertThat(((Element) cases.item(2)).getAttribute("classname"))
        .isEqualTo("vectorstream.changed-demo");
    assertThat(((Element) cases.item(2)).getAttribute("name")).isEqualTo("lost");
  }

  @Test
  void a_missed_target_is_a_failure_and_one_that_was_not_measured_is_skipped() throws Exception {
    Element all = junit(mixed());
    NodeList failures = all.getElementsByTagName("failure");
    NodeList skipped = all.getElementsByTagName("skipped");

    assertThat(failures.getLength()).isEqualTo(1);
    assertThat(((Element) failures.item(0)).getAttribute("message"))
        .endsWith("measured 12 <events> & \uFFFDmore");
    assertThat(skipped.getLength()).isEqualTo(1);
    assertThat(((Element) skipped.item(0)).getAttribute("message"))
        .isEqualTo("not measured: too short");
  }

  private static List<String> badge(Report report) throws IOException {
    JsonNode json = new ObjectMapper().readTree(BadgeJson.of(report));
    assertThat(json.path("schemaVersion").asInt()).isEqualTo(1);
    assertThat(json.path("label").asText()).isEqualTo("targets");
    return List.of(json.path("message").asText(), json.path("color").asText());
  }

  @Test
  void the_badge_has_the_outcome_and_its_color() throws IOException {
    assertThat(badge(demo(targets -> {}))).containsExactly("7 of 7 met", "brightgreen");
    assertThat(badge(mixed())).containsExactly("1 of 7 missed", "red");
    assertThat(badge(demo(targets -> outcome(targets, 0, null, "not measured"))))
        .containsExactly("6 of 7 met", "yellowgreen");
    assertThat(badge(new Report(Instant.EPOCH, List.of(), Optional.empty())))
        .containsExactly("not measured", "lightgrey");
  }

  @Test
  void what_was_not_measured_is_neither_met_nor_missed_on_the_page() {
    Report report = demo(targets -> outcome(targets, 0, null, "not measured: too short"));

    assertThat(HtmlPage.of(report))
        .contains("6 of 7 targets met, 1 not measured", "– not measured")
        .doesNotContain("✗ missed");
    assertThat(MarkdownSummary.of(report))
        .contains("6 of 7 targets met, 1 not measured")
        .contains("No run that met every target");
    assertThat(TextSummary.of(report)).doesNotContain("MISSED");
  }
}
