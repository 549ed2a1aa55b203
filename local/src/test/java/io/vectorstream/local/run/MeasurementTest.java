package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.probe.LoadProbes.Findings;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Phases;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** The run summary, against its contract (C5). */
class MeasurementTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:06Z");

  /** The first trigger after the start. */
  private static final Instant FIRST_BATCH = START.plusSeconds(4);

  /** 1,000 events/s for 60 s: 59,000 stored, 400 dead-lettered on purpose, 600 duplicates. */
  private static Measurement measurement(long stored) {
    List<Batch> batches =
        IntStream.range(0, 7)
            .mapToObj(
                i ->
                    new Batch(
                        i,
                        FIRST_BATCH.plusSeconds(10L * i),
                        2000,
                        i == 0 ? 4_000 : i == 6 ? 6_000 : 10_000,
                        new Phases(700, 500, 800)))
            .toList();
    Histogram latency = new Histogram(3);
    latency.recordValueWithCount(6_000, 58_000);
    latency.recordValueWithCount(11_000, 1_000);
    Histogram late = new Histogram(3);
    late.recordValueWithCount(3_600_000, 100);
    return new Measurement(
        START,
        START.plusSeconds(70),
        new Environment(
            "a CPU",
            2,
            24_000,
            "a JVM",
            "an OS",
            "4.2.0",
            "embedded",
            new Environment.EmbeddingSetup("OnnxRuntime", "cpu", "fp32", "all-MiniLM-L6-v2"),
            Map.of("spark", "4.2.0")),
        new LoadReport(60_000, 59_000, 400, 600, 100, Duration.ofSeconds(60), 1000),
        START.plusSeconds(60),
        batches,
        Duration.ofSeconds(5),
        new BatchLog.Beginning(
            Optional.of(FIRST_BATCH.plusMillis(800)),
            Optional.of(FIRST_BATCH.plusSeconds(2)),
            Optional.of(FIRST_BATCH)),
        new BatchLog.Latencies(latency, latency, late),
        new PipelineTotals(60_000, 59_000, 600, 400),
        stored,
        400,
        new EmbeddingStats(4_000, 2_000, 2_000, 8_000_000_000L, 0, 0),
        1_800,
        ResourceSamples.steady(),
        Findings.NONE);
  }

  private static RunPlan plan() {
    return plan(Duration.ofSeconds(60));
  }

  private static RunPlan plan(Duration duration) {
    Load load =
        new Load(
            Catalog.generate(1, 1),
            ShopperSettings.defaults(),
            RecordShape.PLAIN,
            1,
            new Rate(1000),
            duration,
            Duration.ZERO,
            990,
            EventFormat.JSON);
    return new RunPlan(SettingsLoader.defaults(), load, ServicesKind.EMBEDDED, "a-workload");
  }

  @Test
  void what_was_measured_is_summed_up() {
    RunSummary summary = measurement(59_000).judge(plan());

    assertThat(summary.events()).isEqualTo(new RunSummary.Events(60_000, 59_000, 400, 600, 0));
    assertThat(summary.throughputEps().offered()).isEqualTo(1000);
    assertThat(summary.throughputEps().sustained()).isEqualTo(1000);
    assertThat(summary.throughputEps().bestBatch()).isEqualTo(5000);
    assertThat(summary.throughputEps().withDrain()).isEqualTo(909.1);
    assertThat(summary.latencyMs().p50()).isBetween(6_000L, 6_010L);
    assertThat(summary.latencyMs().p99()).isBetween(11_000L, 11_020L);
    assertThat(summary.embedding()).isEqualTo(new RunSummary.Embedding(2_000, 250, 0.5));
    assertThat(summary.targets()).filteredOn(target -> !target.isMet()).isEmpty();
    assertThat(summary.metAllTargets()).isTrue();
  }

  @Test
  void the_start_is_apart_from_the_steady_state_and_both_from_late_events() {
    RunSummary summary = measurement(59_000).judge(plan());

    assertThat(summary.coldStart()).isEqualTo(new RunSummary.ColdStart(5_000, 4_800L, 6_000L));
    assertThat(summary.steady().batches()).isEqualTo(6);
    assertThat(summary.steady().seconds()).isEqualTo(50);
    assertThat(summary.steady().sustained()).isEqualTo(1000);
    assertThat(summary.steady().events()).isEqualTo(59_000);
    assertThat(summary.latencyMs().max()).isLessThan(12_000);
    assertThat(summary.late().events()).isEqualTo(100);
    assertThat(summary.late().latencyMs().p50()).isBetween(3_598_000L, 3_602_000L);
  }

  @Test
  void the_time_between_batches_is_judged_only_where_there_are_enough_of_them() {
    assertThat(measurement(59_000).judge(plan(Duration.ofSeconds(50))).targets())
        .extracting(RunSummary.Target::name)
        .contains("batch interval");
    assertThat(measurement(59_000).judge(plan(Duration.ofSeconds(49))).targets())
        .extracting(RunSummary.Target::name)
        .doesNotContain("batch interval");
  }

  @Test
  void what_a_run_leaves_behind_is_judged_only_where_it_is_long() {
    assertThat(measurement(59_000).judge(plan(Duration.ofMinutes(10))).targets())
        .extracting(RunSummary.Target::name)
        .contains("flat threads", "flat file handles", "flat heap", "flat checkpoint");
    assertThat(measurement(59_000).judge(plan(Duration.ofSeconds(599))).targets())
        .extracting(RunSummary.Target::name)
        .noneMatch(name -> name.startsWith("flat"));
  }

  @Test
  void an_event_that_the_store_does_not_have_is_lost_whatever_the_pipeline_says() {
    RunSummary summary = measurement(58_999).judge(plan());

    assertThat(summary.events().lost()).isEqualTo(1);
    assertThat(summary.metAllTargets()).isFalse();
  }

  @Test
  void a_rate_holds_when_it_was_sustained_and_nothing_is_missing() {
    assertThat(Targets.hold(measurement(59_000).judge(plan()), new Rate(1000))).isTrue();
    assertThat(Targets.hold(measurement(59_000).judge(plan()), Rate.MAX)).isTrue();
    assertThat(Targets.hold(measurement(59_000).judge(plan()), new Rate(1020))).isFalse();
    assertThat(Targets.hold(measurement(58_999).judge(plan()), new Rate(1000))).isFalse();
  }

  @Test
  void the_json_has_every_field_of_the_contract() throws IOException {
    JsonNode json = new ObjectMapper().readTree(measurement(59_000).judge(plan()).toJson());

    assertThat(names(json))
        .containsExactly(
            "schema",
            "kind",
            "started_at",
            "finished_at",
            "workload",
            "environment",
            "events",
            "throughput_eps",
            "latency_ms",
            "latency_curve",
            "embedding",
            "memory_mb",
            "resources",
            "batches",
            "targets",
            "cold_start",
            "steady",
            "late");
    assertThat(names(json.path("cold_start")))
        .containsExactly("pipeline_ms", "first_stored_ms", "steady_ms");
    assertThat(names(json.path("steady")))
        .containsExactly("batches", "seconds", "sustained", "events", "latency_ms");
    assertThat(names(json.path("late"))).containsExactly("events", "latency_ms");
    assertThat(json.path("schema").asInt()).isEqualTo(1);
    assertThat(json.path("kind").asText()).isEqualTo("run");
    assertThat(json.path("started_at").asText()).isEqualTo("2026-01-01T00:00:06Z");
    assertThat(names(json.path("environment")))
        .containsExactly(
            "cpu", "cores", "memory_mb", "jvm", "os", "spark", "services", "embedding", "versions");
    assertThat(json.path("workload").asText()).isEqualTo("a-workload");
    assertThat(names(json.at("/latency_curve/0"))).containsExactly("percentile", "ms");
    assertThat(names(json.at("/environment/embedding")))
        .containsExactly("engine", "device", "precision", "model");
    assertThat(names(json.path("events")))
        .containsExactly("sent", "stored", "dead_lettered", "duplicates", "lost");
    assertThat(names(json.path("throughput_eps")))
        .containsExactly(
            "offered",
            "sustained",
            "best_batch",
            "sustained_after_warmup",
            "warmup_s",
            "with_drain");
    assertThat(names(json.path("latency_ms"))).containsExactly("p50", "p95", "p99", "max");
    assertThat(names(json.path("embedding")))
        .containsExactly("texts", "texts_per_second", "cache_hit_ratio");
    assertThat(names(json.path("memory_mb"))).containsExactly("peak_rss");
    assertThat(json.path("resources")).hasSize(30);
    assertThat(names(json.at("/resources/0")))
        .containsExactly(
            "seconds",
            "rss_mb",
            "heap_mb",
            "threads",
            "file_handles",
            "checkpoint_files",
            "checkpoint_kb");
    assertThat(names(json.at("/batches/0")))
        .containsExactly("id", "started_at", "duration_ms", "events", "phases_ms");
    assertThat(names(json.at("/batches/0/phases_ms"))).containsExactly("parse", "embed", "store");
    assertThat(names(json.at("/targets/0"))).containsExactly("name", "target", "actual", "met");
  }

  @Test
  void but_for_what_is_new_the_json_is_what_it_was() throws IOException {
    ObjectNode json =
        (ObjectNode) new ObjectMapper().readTree(measurement(59_000).judge(plan()).toJson());
    json.remove(List.of("kind", "cold_start", "steady", "late"));
    ArrayNode targets = (ArrayNode) json.path("targets");
    targets.remove(0);
    targets.remove(0);

    assertThat(json)
        .isEqualTo(
            new ObjectMapper()
                .readTree(MeasurementTest.class.getResource("earlier-run-summary.json")));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
