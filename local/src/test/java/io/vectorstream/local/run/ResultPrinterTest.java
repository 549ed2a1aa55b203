package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Fresh;
import io.vectorstream.reports.result.RunSummary.ResourceSample;
import io.vectorstream.reports.result.SearchLoadResult;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Recall;
import io.vectorstream.reports.result.Searches.Step;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultPrinterTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static String print(Duration duration, List<ResourceSample> resources) {
    return print(duration, resources, null, null);
  }

  private static String print(
      Duration duration, List<ResourceSample> resources, Fresh fresh, Searches searches) {
    Load load =
        new Load(
            Catalog.generate(1, 1),
            ShopperSettings.defaults(),
            RecordShape.PLAIN,
            1,
            new Rate(2000),
            duration,
            Duration.ZERO,
            1980,
            EventFormat.JSON);
    RunSummary summary =
        new RunSummary(
            RunSummary.SCHEMA,
            START,
            START.plus(duration),
            null,
            new Environment(
                "a CPU",
                2,
                24_000,
                "a JVM",
                "an OS",
                "4.2.0",
                "embedded",
                new Environment.EmbeddingSetup("OnnxRuntime", "cpu", "fp32", "all-MiniLM-L6-v2"),
                Map.of()),
            new RunSummary.Events(0, 0, 0, 0, 0),
            new RunSummary.Throughput(0, 0, 0, 0.0, 0.0, 0.0),
            new RunSummary.Latency(0, 0, 0, 0),
            List.of(),
            new RunSummary.Embedding(0, 0, 0),
            new RunSummary.Memory(1500),
            resources,
            List.of(),
            Targets.flat(resources),
            fresh,
            null,
            searches,
            null,
            null,
            null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ResultPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(summary, load);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_run_of_five_minutes_shows_what_it_held_when_warm_and_at_its_end() {
    assertThat(print(Duration.ofMinutes(5), ResourceSamples.endingWith(140, 104, 400, 60, 1120)))
        .containsPattern("met +flat threads +<= \\+5 +\\+4\\R")
        .containsPattern("Resources +medians +second fifth +last fifth +change\\R")
        .containsPattern("\\R +RSS, MB +1,500 +1,500 +\\+0\\R")
        .containsPattern("\\R +heap, MB +150 +140 +-10\\R")
        .containsPattern("\\R +threads +100 +104 +\\+4\\R")
        .containsPattern("\\R +file handles +400 +400 +\\+0\\R")
        .containsPattern("\\R +checkpoint, files +60 +60 +\\+0\\R")
        .containsPattern("\\R +checkpoint, kB +120 +1,120 +\\+1,000\\R");
  }

  @Test
  void what_the_machine_does_not_tell_is_left_out() {
    assertThat(
            print(
                Duration.ofMinutes(15),
                ResourceSamples.ofQuarterHour(
                    second -> new ResourceSample(second, 1, 1, 1L, null, null, null))))
        .contains("threads")
        .doesNotContain("file handles", "checkpoint");
  }

  @Test
  void a_shorter_run_says_nothing_about_it() {
    assertThat(print(Duration.ofSeconds(299), ResourceSamples.steady()))
        .doesNotContain("Resources");
  }

  @Test
  void a_search_that_failed_is_told_with_its_reason() {
    Figures figures =
        new Figures(
            100,
            19.4,
            3,
            0,
            Map.of("HTTP 429", 3L),
            new SearchLoadResult.Latency(4, 3.5, 9.25, 41.7, 60, 61.2));
    Searches searches =
        new Searches(
            1_000_000,
            50.0,
            null,
            0.95,
            List.of(new Step(20, 5, figures, Map.of("text", figures))),
            List.of(new Recall("text", 100, 10, 0.971)),
            null);

    assertThat(print(Duration.ofSeconds(60), ResourceSamples.steady(), null, searches))
        .contains("Searches    over 1,000,000 products")
        .containsPattern(
            "\\R +20.0 +19.4 +text +3.5 ms +9.3 ms +41.7 ms +60.0 ms +61.2 ms +3 +\\{HTTP 429=3}\\R")
        .contains("recall@10 by text: 0.971, of 100 searches");
  }

  @Test
  void searches_of_which_none_was_answered_have_no_times() {
    Figures figures =
        new Figures(
            100,
            0,
            100,
            0,
            Map.of("no answer", 100L),
            new SearchLoadResult.Latency(0, 0, 0, 0, 0, 0));
    Searches searches =
        new Searches(
            10,
            50.0,
            null,
            null,
            List.of(new Step(20, 5, figures, Map.of("text", figures))),
            List.of(),
            null);

    assertThat(print(Duration.ofSeconds(60), ResourceSamples.steady(), null, searches))
        .containsPattern("\\R +20.0 +0.0 +text +- +- +- +- +- +100 +\\{no answer=100}\\R");
  }

  @Test
  void clicks_that_were_not_seen_and_requests_that_failed_are_told() {
    RunSummary.Latency times = new RunSummary.Latency(1, 2, 3, 4);

    assertThat(
            print(
                Duration.ofSeconds(60),
                ResourceSamples.steady(),
                new Fresh(1500, 3, 300L, 50, times, List.of(), times, 1200L),
                null))
        .contains(
            "Fresh       1,500 clicks changed an answer after p50 1 ms, p95 2 ms, p99 3 ms, max 4 ms; 3 of them did not",
            "1,200 other requests failed");
    assertThat(
            print(
                Duration.ofSeconds(60),
                ResourceSamples.steady(),
                new Fresh(1500, 0, 300L, 50, times, List.of(), times, 0L),
                null))
        .doesNotContain("did not", "failed");
  }
}
