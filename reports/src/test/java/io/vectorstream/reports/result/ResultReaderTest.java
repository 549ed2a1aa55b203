package io.vectorstream.reports.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.Fixtures;
import io.vectorstream.reports.page.HtmlPage;
import io.vectorstream.reports.page.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultReaderTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "demo.json, RUN",
    "sweep.json, SWEEP",
    "ladder.json, LADDER",
    "jmh.json, JMH",
    "gpu.json, GPU",
    "evaluate.json, EVALUATION",
    "search.json, SEARCH"
  })
  void what_a_file_is_shows_by_what_is_in_it(String name, ResultKind kind) throws IOException {
    Path renamed = Files.copy(Fixtures.file(name), folder.resolve("x.json"));

    List<ResultFile> files = ResultReader.read(List.of(renamed));

    assertThat(files).singleElement().extracting(file -> file.result().kind()).isEqualTo(kind);
  }

  @Test
  void a_run_summary_has_its_figures() {
    RunSummary run = (RunSummary) Fixtures.read("demo.json").get(0).result();

    assertThat(run.events().sent()).isEqualTo(60_000);
    assertThat(run.latencyMs().p99()).isEqualTo(11_839);
    assertThat(run.batches()).hasSize(7).last().extracting(RunSummary.Batch::events).isNotNull();
    assertThat(run.workload()).isNull();
    assertThat(run.latencyCurve()).isEmpty();
    assertThat(run.metAllTargets()).isTrue();
  }

  @Test
  void a_sweep_knows_between_which_rates_its_limit_is() {
    SweepResult sweep = (SweepResult) Fixtures.read("sweep.json").get(0).result();

    assertThat(sweep.axes()).containsExactly("rate", "trigger");
    assertThat(sweep.best()).get().extracting(SweepResult.Run::name).isEqualTo("1,000 events/s");
    assertThat(sweep.lowestMissed()).hasValue(4000);
    assertThat(sweep.software()).containsEntry("Kafka", "3.9.1").containsEntry("Spark", "4.2.0");
  }

  @Test
  void jmh_has_parameters_errors_and_the_quality_beside_them() {
    JmhRun jmh = (JmhRun) Fixtures.read("jmh.json").get(0).result();

    JmhRun.Benchmark int8 =
        jmh.benchmarks().stream()
            .filter(each -> each.name().contains("int8"))
            .findFirst()
            .orElseThrow();
    assertThat(int8.group()).isEqualTo("EmbeddingBenchmark");
    assertThat(int8.primaryMetric().scoreError()).isPositive();
    assertThat(int8.secondaryMetrics()).containsKeys("cosine", "overlap@10");
  }

  @Test
  void an_error_that_jmh_could_not_tell_is_not_a_number() throws IOException {
    Path file = folder.resolve("one.json");
    Files.writeString(
        file,
        """
        [{"benchmark": "a.B.c", "mode": "avgt", "threads": 1, "forks": 1, "measurementIterations": 1,
          "primaryMetric": {"score": 2.5, "scoreError": "NaN", "scoreUnit": "ms/op"}}]
        """);

    JmhRun jmh = (JmhRun) ResultReader.read(List.of(file)).get(0).result();

    assertThat(jmh.benchmarks().get(0).primaryMetric().scoreError()).isNaN();
    assertThat(jmh.benchmarks().get(0).higherIsBetter()).isFalse();
  }

  @Test
  void times_within_a_search_load_are_read_in_seconds() {
    SearchLoadResult search = (SearchLoadResult) Fixtures.read("search.json").get(0).result();

    assertThat(search.stream().startedAt()).isEqualTo(Instant.parse("2026-11-23T09:03:25.896Z"));
    assertThat(search.statuses()).containsEntry("429", 502L);
  }

  @Test
  void a_run_that_was_never_steady_is_read_as_it_was_written() throws IOException {
    Path file =
        Fixtures.<ObjectNode>changed(
            "demo.json",
            folder,
            run ->
                run.putObject("steady")
                    .put("batches", 0)
                    .put("seconds", 0.0)
                    .putNull("sustained")
                    .put("events", 0)
                    .putNull("latency_ms"));
    RunSummary read = (RunSummary) ResultReader.read(List.of(file)).get(0).result();

    assertThat(read.steady()).isEqualTo(new RunSummary.Steady(0, 0, null, 0, null));
    Path written = Files.writeString(folder.resolve("again.json"), read.toJson());
    assertThat(ResultReader.read(List.of(written)).get(0).result()).isEqualTo(read);
  }

  @Test
  void what_a_later_program_adds_is_no_reason_to_refuse_its_file() {
    Path file =
        Fixtures.<ObjectNode>changed("demo.json", folder, run -> run.put("something_new", 1));

    assertThat(ResultReader.read(List.of(file))).hasSize(1);
  }

  @Test
  void a_folder_gives_all_json_in_and_below_it_and_what_occurs_twice_counts_once()
      throws IOException {
    Path below = Files.createDirectories(folder.resolve("a/b"));
    Files.copy(Fixtures.file("demo.json"), below.resolve("demo.json"));
    Files.copy(Fixtures.file("demo.json"), folder.resolve("copy.json"));
    Files.copy(Fixtures.file("gpu.json"), folder.resolve("gpu.json"));
    Files.writeString(folder.resolve("notes.txt"), "nothing of interest");

    assertThat(ResultReader.read(List.of(folder)))
        .extracting(ResultFile::name)
        .containsExactlyInAnyOrder("demo.json", "gpu.json");
  }

  @Test
  void two_forks_of_jmh_with_the_same_figures_are_two() throws IOException {
    for (String name : List.of("one/01.json", "one/02.json", "copy/01.json")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.copy(Fixtures.file("jmh.json"), folder.resolve(name));
    }

    assertThat(ResultReader.read(List.of(folder)))
        .extracting(ResultFile::name)
        .containsExactlyInAnyOrder("01.json", "02.json");
  }

  @Test
  void a_report_has_all_that_it_was_made_of() throws IOException {
    List<ResultFile> files = ResultReader.read(List.of(Fixtures.folder()));
    Path html = folder.resolve("report.html");
    Files.writeString(html, HtmlPage.of(new Report(Instant.EPOCH, files, Optional.empty())));

    List<ResultFile> again = ResultReader.read(List.of(html));

    assertThat(again).isEqualTo(files);
  }

  @Test
  void a_damaged_file_is_refused_with_line_and_column() throws IOException {
    Path file = folder.resolve("damaged.json");
    Files.writeString(file, "{\n  \"schema\": 1,\n  \"batches\": [1,, 2]\n}\n");

    assertThatThrownBy(() -> ResultReader.read(List.of(file)))
        .isInstanceOf(ResultException.class)
        .hasMessageStartingWith(file + " is not JSON at line 3, column 17")
        .hasMessageContaining("expected one of: run summary, sweep");
  }

  @Test
  void a_file_that_was_cut_off_is_refused_with_where_it_ends() throws IOException {
    Path file = Files.writeString(folder.resolve("cut.json"), "{\n  \"schema\": 1,");

    assertThatThrownBy(() -> ResultReader.read(List.of(file)))
        .hasMessageStartingWith(file + " is not JSON at line 2, column 15: Unexpected end-of-input")
        .hasMessageNotContaining("Source");
  }

  @Test
  void a_figure_of_the_wrong_type_is_refused_with_its_path() throws IOException {
    Path file = folder.resolve("wrong.json");
    String text = Files.readString(Fixtures.file("demo.json"));
    Files.writeString(
        file, text.replaceFirst("\"duration_ms\": \\d+", "\"duration_ms\": \"long\""));

    assertThatThrownBy(() -> ResultReader.read(List.of(file)))
        .isInstanceOf(ResultException.class)
        .hasMessageContaining("is a run summary, but damaged at line")
        .hasMessageContaining("batches[0].duration_ms");
  }

  @ParameterizedTest
  @CsvSource({"latency_ms, run summary", "events, run summary", "environment, run summary"})
  void a_file_that_lacks_a_figure_is_refused_with_its_name(String field, String kind) {
    Path file = Fixtures.<ObjectNode>changed("demo.json", folder, run -> run.remove(field));

    assertThatThrownBy(() -> ResultReader.read(List.of(file)))
        .isInstanceOf(ResultException.class)
        .hasMessageContaining("is a " + kind + ", but damaged")
        .hasMessageContaining(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{\"schema\": 1, \"x\": 2}           | is JSON, but no result that is known; expected one of",
        "[]                                  | is JSON, but no result that is known",
        "{\"schema\": 1, \"kind\": \"other\"} | of the unknown kind 'other'",
        "{\"schema\": 2, \"kind\": \"sweep\"} | has the schema 2; expected 1",
        "<html><body></body></html>          | is HTML, but not a report",
        "\"\"                                | is empty"
      })
  void what_is_not_known_is_refused_with_what_was_expected(String text, String message)
      throws IOException {
    Path file = Files.writeString(folder.resolve("file.json"), text.replace("\"\"", ""));

    assertThatThrownBy(() -> ResultReader.read(List.of(file)))
        .isInstanceOf(ResultException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void a_file_or_folder_that_is_not_there_is_refused() {
    Path file = folder.resolve("none.json");

    assertThatThrownBy(() -> ResultReader.read(List.of(file)))
        .hasMessage(file + " cannot be read; expected a file of results");
    assertThatThrownBy(() -> ResultReader.read(List.of(folder)))
        .hasMessageContaining("is a folder without any .json file");
  }
}
