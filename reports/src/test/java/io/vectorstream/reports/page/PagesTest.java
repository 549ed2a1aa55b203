package io.vectorstream.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.Fixtures;
import io.vectorstream.reports.compare.Comparison;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The content of the HTML and the Markdown; only a browser can show their appearance. */
class PagesTest {
  private static final String EVIL = "</script><script>alert(1)</script>|`x` <img src=x onerror=a>";

  @TempDir private Path folder;

  private static Report report(List<ResultFile> files) {
    return new Report(Instant.EPOCH, files, Optional.empty());
  }

  private static Report everything() {
    return report(ResultReader.read(List.of(Fixtures.folder())));
  }

  @Test
  void a_report_of_everything_has_every_section_and_is_one_file_of_a_modest_size() {
    String html = HtmlPage.of(everything());

    assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1_000_000, 2_000_000);
    assertThat(html)
        .contains(
            "<section id=\"targets\"",
            "<section id=\"over-time\"",
            "<section id=\"percentiles\"",
            "<section id=\"phases\"",
            "<section id=\"cost\"",
            "<section id=\"ladder\"",
            "<section id=\"jmh\"",
            "<section id=\"gpu\"",
            "<section id=\"quality\"",
            "<section id=\"search\"",
            "<section id=\"machine\"")
        .contains("default-src 'none'")
        .doesNotContain("<link rel=\"stylesheet\"", "<script src", "src=\"http");
  }

  @Test
  void the_numbers_of_a_chart_are_in_its_table() {
    String html = HtmlPage.of(report(Fixtures.read("ladder.json", "demo.json")));

    assertThat(html)
        .contains("<caption>Steps of ladder</caption>", ">× 12.9<", "<caption>Every batch of demo");
  }

  @Test
  void texts_from_files_are_only_texts() {
    Path evil =
        Fixtures.<ObjectNode>changed(
            "demo.json",
            folder,
            run -> {
              run.put("workload", EVIL);
              ((ObjectNode) run.path("environment")).put("cpu", EVIL);
              ((ObjectNode) run.path("targets").path(0)).put("actual", EVIL);
            });
    List<ResultFile> files = ResultReader.read(List.of(evil));

    String html = HtmlPage.of(report(files));
    String markdown = MarkdownSummary.of(report(files));

    assertThat(html).doesNotContain("<script>alert", "<img src=x").contains("&lt;img src");
    assertThat(html.split("</script>", -1)).as("ends of scripts").hasSize(5);
    assertThat(markdown).doesNotContain("<script>", "<img", "`x`", EVIL);
    assertThat(markdown.lines().filter(line -> line.contains("alert") && line.startsWith("|")))
        .isNotEmpty()
        .allMatch(line -> line.replace("\\|", "").chars().filter(c -> c == '|').count() == 6);
  }

  @Test
  void without_a_gpu_its_figures_were_not_run() {
    assertThat(HtmlPage.of(report(Fixtures.read("demo.json"))))
        .contains("Not run: none of the files");
    assertThat(HtmlPage.of(report(Fixtures.read("gpu.json"))))
        .contains(
            "no GPU, so that its half was not run",
            "<td class=\"number\" data-column=\"Speed-up\">not run</td>");
  }

  @Test
  void a_gpu_is_held_against_the_best_of_the_cpu() {
    Path both =
        Fixtures.<ObjectNode>changed(
            "gpu.json",
            folder,
            result -> {
              result.putObject("gpu").put("name", "Example GPU").put("driver", "1.2");
              ArrayNode rows = (ArrayNode) result.path("embedding");
              double best = 0;
              for (JsonNode row : rows) {
                if (row.path("tokens").asInt() == 16) {
                  best = Math.max(best, row.path("texts_per_second").asDouble());
                }
              }
              rows.add(
                  ((ObjectNode) rows.get(0).deepCopy())
                      .put("device", "gpu")
                      .put("precision", "fp16")
                      .put("texts_per_second", 8 * best));
            });

    assertThat(HtmlPage.of(report(ResultReader.read(List.of(both)))))
        .contains(
            "Example GPU, driver 1.2", "<td class=\"number\" data-column=\"Speed-up\">× 8</td>");
  }

  @Test
  void the_highest_rate_is_that_of_the_sweep_where_no_run_was_faster() {
    assertThat(MarkdownSummary.of(report(Fixtures.read("sweep.json"))))
        .contains("The highest sustained rate is 1,000 events/s: the highest rate of the sweep");
  }

  @Test
  void what_was_asked_of_searches_is_a_target_too() {
    Path slow =
        Fixtures.<ObjectNode>changed(
            "search.json",
            folder,
            load ->
                load.putArray("targets")
                    .addObject()
                    .put("name", "search p99")
                    .put("target", "< 50.0 ms")
                    .put("actual", "62.9 ms")
                    .put("met", false));

    assertThat(
            MarkdownSummary.of(
                report(ResultReader.read(List.of(Fixtures.file("demo.json"), slow)))))
        .contains("1 of 8 targets missed")
        .contains("| search p99 | changed-search | &lt; 50.0 ms | 62.9 ms | ✗ missed |");
  }

  private Path withSearches(double p99) {
    return withSearches(p99, 15);
  }

  private Path withSearches(double p99, int failed) {
    return Fixtures.<ObjectNode>changed(
        "demo.json",
        folder,
        run -> {
          run.put("workload", "searches");
          ObjectNode searches = run.putObject("searches");
          searches.put("products", 1_000_000).put("p99_target_ms", 50).put("target_up_to", 20);
          for (int rate : new int[] {10, 40}) {
            ObjectNode step = searches.withArray("steps").addObject();
            step.put("asked", rate).put("seconds", 30);
            ObjectNode all = step.putObject("all");
            all.put("searches", 30 * rate)
                .put("answered_per_second", rate - 0.5)
                .put("failed", failed)
                .put("without_result", 0);
            all.putObject("failures").put("HTTP 429", 15);
            all.putObject("latency_ms")
                .put("mean", 5)
                .put("p50", 4)
                .put("p90", 9)
                .put("p99", p99)
                .put("p999", 2 * p99)
                .put("max", 3 * p99);
            step.putObject("kinds").set("vector", all.deepCopy());
          }
          searches
              .putArray("recall")
              .addObject()
              .put("kind", "vector")
              .put("searches", 100)
              .put("neighbours", 10)
              .put("recall", 0.963);
        });
  }

  @Test
  void searches_of_a_run_are_a_curve_with_their_recall_and_failures() {
    String html = HtmlPage.of(report(ResultReader.read(List.of(withSearches(41)))));

    assertThat(html)
        .contains(
            "<section id=\"search\"",
            "\"points\":[{\"x\":9.5,\"y\":41.0},{\"x\":39.5,\"y\":41.0}]",
            "\"at\":50.0,\"label\":\"target for p99\"",
            ">1,000,000<",
            ">HTTP 429: 15<",
            ">0.963<");
  }

  @Test
  void slower_searches_are_told_beside_the_earlier_ones() {
    List<ResultFile> before = ResultReader.read(List.of(withSearches(41)));
    List<ResultFile> now = ResultReader.read(List.of(withSearches(82)));

    assertThat(
            HtmlPage.of(
                new Report(
                    Instant.EPOCH, now, Optional.of(Comparison.of(List.of(before), now, 0.05)))))
        .contains("searches at 40/s, p99", "+100.0 %", "recall by vector");
  }

  @Test
  void a_rate_at_which_no_search_was_answered_has_no_times() {
    // All of the 300 searches of the first rate, and a part of those of the second.
    List<ResultFile> files = ResultReader.read(List.of(withSearches(41, 300)));

    assertThat(
            HtmlPage.of(
                new Report(
                    Instant.EPOCH, files, Optional.of(Comparison.of(List.of(files), files, 0.05)))))
        .contains("\"points\":[{\"x\":39.5,\"y\":41.0}]", "searches at 40/s, p99")
        .contains("searches at 10/s, failed")
        .doesNotContain("searches at 10/s, p99");
  }

  @Test
  void an_earlier_search_load_is_a_point_of_the_curve() {
    assertThat(HtmlPage.of(report(Fixtures.read("search.json"))))
        .contains("<section id=\"search\"", "HTTP 429: 502");
  }

  @Test
  void how_soon_it_can_be_found_is_drawn_with_the_target_that_the_run_had() {
    Path found =
        Fixtures.<ObjectNode>changed(
            "demo.json",
            folder,
            run -> {
              ObjectNode searchable = run.putObject("searchable");
              for (String what : new String[] {"events", "products"}) {
                ObjectNode seen = searchable.putObject(what);
                seen.put("count", 9).put("unseen", 0).put("target_ms", 12_345);
                seen.set("latency_ms", run.path("latency_ms").deepCopy());
                seen.putArray("latency_curve").addObject().put("percentile", 50).put("ms", 6789);
              }
            });

    assertThat(HtmlPage.of(report(ResultReader.read(List.of(found)))))
        .contains(
            "<section id=\"fresh\"",
            "From an event to the store",
            "From a new product's first event to a search that finds it".replace("'", "&#39;"),
            "\"at\":12345.0",
            ">6.8 s<")
        .doesNotContain("From a click to a changed answer");
  }

  private String pageOfClicks(Long failedRequests) {
    return HtmlPage.of(
        report(
            ResultReader.read(
                List.of(
                    Fixtures.<ObjectNode>changed(
                        "demo.json",
                        folder,
                        run -> {
                          ObjectNode fresh = run.putObject("fresh");
                          fresh.put("clicks", 9).put("unseen", 0).put("requests_per_second", 50);
                          fresh.set("latency_ms", run.path("latency_ms").deepCopy());
                          fresh.set("request_ms", run.path("latency_ms").deepCopy());
                          fresh
                              .putArray("latency_curve")
                              .addObject()
                              .put("percentile", 50)
                              .put("ms", 123);
                          if (failedRequests != null) {
                            fresh.put("failed_requests", failedRequests);
                          }
                        })))));
  }

  @Test
  void requests_beside_the_clicks_that_failed_are_told_and_older_files_count_none() {
    assertThat(pageOfClicks(1234L))
        .contains("50 other requests a second were answered; 1,234 failed.");
    assertThat(pageOfClicks(null)).contains("50 other requests a second were answered.");
  }

  @Test
  void a_sweep_that_found_no_rate_or_was_stopped_says_so() {
    Path none =
        Fixtures.<ObjectNode>changed(
            "sweep.json",
            folder,
            sweep -> {
              sweep.put("highest_sustained_eps", 0).put("complete", false);
              for (JsonNode run : sweep.path("runs")) {
                ((ObjectNode) run).put("held", false);
              }
            });

    String html = HtmlPage.of(report(ResultReader.read(List.of(none))));

    assertThat(html)
        .contains(
            "No rate that was tried held. The sweep was stopped before its end",
            "so none states a rate")
        .doesNotContain("held is 0 events/s");
  }

  @Test
  void markdown_has_the_targets_and_what_got_worse() {
    List<ResultFile> before = Fixtures.read("demo.json");
    List<ResultFile> now = ResultReader.read(List.of(Fixtures.slower("demo.json", folder, 6)));

    String markdown =
        MarkdownSummary.of(
            new Report(Instant.EPOCH, now, Optional.of(Comparison.of(List.of(before), now, 0.05))));

    assertThat(markdown)
        .startsWith("## VectorStream: All 7 targets met\n")
        .contains("| latency p99 | changed-demo | &lt; 30.0 s | 11.8 s | ✓ met |")
        .contains("### Against the earlier results")
        .containsPattern("\\| duration of a batch \\| run summary.*\\| \\+500.0 % \\| worse \\|");
  }

  @Test
  void machines_that_differ_are_named() {
    Path elsewhere =
        Fixtures.<ObjectNode>changed(
            "demo.json", folder, run -> ((ObjectNode) run.path("environment")).put("cores", 64));
    List<ResultFile> now = ResultReader.read(List.of(elsewhere));
    Comparison comparison = Comparison.of(List.of(Fixtures.read("demo.json")), now, 0.05);

    assertThat(HtmlPage.of(new Report(Instant.EPOCH, now, Optional.of(comparison))))
        .contains(
            "Not comparable: the machines differ. Before: AMD EPYC, 2 cores, 24 GB. Now: AMD EPYC,"
                + " 64 cores, 24 GB.");
  }
}
