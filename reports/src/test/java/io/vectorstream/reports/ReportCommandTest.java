package io.vectorstream.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    return new CommandLine(new ReportCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(texts);
  }

  @Test
  void it_writes_the_report_and_the_markdown_and_says_where() {
    Path html = folder.resolve("new/report.html");
    Path markdown = folder.resolve("summary.md");

    int status = run(Fixtures.file("demo.json"), "--out", html, "--markdown", markdown);

    assertThat(status).as(err.toString()).isZero();
    assertThat(html).content().startsWith("<!DOCTYPE html>");
    assertThat(markdown).content().startsWith("## VectorStream");
    assertThat(out.toString())
        .contains("met     latency p99       < 30.0 s")
        .contains("All 7 targets met. The highest sustained rate is 1,000 events/s")
        .contains("The report is " + html);
  }

  @Test
  void a_regression_against_an_earlier_report_fails_only_if_asked_to() {
    Path before = folder.resolve("before.html");
    Path after = folder.resolve("after.html");
    Path slower = Fixtures.slower("demo.json", folder, 6);
    run(Fixtures.file("demo.json"), "--out", before);

    assertThat(run(slower, "--out", after, "--compare-to", before)).isZero();
    assertThat(out.toString()).contains("WORSE   duration of a batch");
    assertThat(run(slower, "--out", after, "--compare-to", before, "--fail-on-regression"))
        .isEqualTo(1);
    assertThat(
            run(
                Fixtures.file("demo-again.json"),
                "--out",
                after,
                "--compare-to",
                before,
                "--fail-on-regression"))
        .isZero();
  }

  @Test
  void as_json_the_outcome_is_all_that_is_printed() throws IOException {
    Path html = folder.resolve("report.html");

    run(
        Fixtures.file("demo.json"),
        "--out",
        html,
        "--json",
        "--compare-to",
        Fixtures.file("demo-again.json"));

    JsonNode outcome = new ObjectMapper().readTree(out.toString());
    assertThat(outcome.path("report").asText()).isEqualTo(html.toString());
    assertThat(outcome.path("highest_sustained_eps").asDouble()).isEqualTo(1000);
    assertThat(outcome.path("targets")).hasSize(7);
    assertThat(outcome.path("comparison").path(0).path("verdict").asText())
        .isEqualTo("within_noise");
  }

  @Test
  void wrong_use_is_said_before_anything_is_written() {
    Path html = folder.resolve("report.html");

    assertThat(run(Fixtures.file("demo.json"), "--out", html, "--fail-on-regression")).isEqualTo(2);
    assertThat(err.toString()).contains("--fail-on-regression needs --compare-to");
    assertThat(run(Fixtures.file("demo.json"), "--out", html, "--tolerance", "-1")).isEqualTo(2);
    assertThat(err.toString()).contains("expected 0 to 100 percent");
    assertThat(Files.exists(html)).isFalse();
    assertThat(run(Fixtures.file("demo.json"), "--out", folder)).isEqualTo(2);
    assertThat(err.toString()).contains("--out " + folder + " cannot be written; expected a file");
  }
}
