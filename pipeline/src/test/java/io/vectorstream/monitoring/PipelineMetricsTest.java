package io.vectorstream.monitoring;

import static io.vectorstream.monitoring.BatchReports.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.store.StoreCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipelineMetricsTest {

  private static final Instant START = Instant.parse("2024-01-15T10:00:00Z");

  private final BatchHistory history = new BatchHistory(START);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private Health health = new Health(Health.State.RUNNING, START, "", 2);
  private StoreCalls calls = new StoreCalls(100, 4, null, null);
  private PipelineMetrics metrics;

  @BeforeEach
  void register() {
    metrics =
        PipelineMetrics.register(
            registry,
            new PipelineMetrics.Source() {
              @Override
              public Health health() {
                return health;
              }

              @Override
              public BatchHistory history() {
                return history;
              }

              @Override
              public EmbeddingStats embeddingStats() {
                return new EmbeddingStats(50, 30, 20, 1_500_000_000, 1, 2);
              }

              @Override
              public boolean hasFallenBack() {
                return true;
              }

              @Override
              public StoreCalls storeCalls() {
                return calls;
              }

              @Override
              public long executors() {
                return 2;
              }

              @Override
              public EmbeddingBacklog embeddingBacklog() {
                return new EmbeddingBacklog(40, 5, Duration.ofSeconds(90), Duration.ofMinutes(3));
              }

              @Override
              public BoundedInterests boundedInterests() {
                return new BoundedInterests(6, 7);
              }

              @Override
              public Optional<ProductFeedStatus> productFeed() {
                return Optional.of(new ProductFeedStatus(8, 9, 10, 11, 14, 12, 13));
              }

              @Override
              public Duration sinceLastSign() {
                return Duration.ofMillis(2500);
              }
            });
  }

  private void add(BatchReport batch) {
    history.add(batch);
    metrics.record(batch);
  }

  @Test
  void events_are_counted_by_what_became_of_them() {
    add(batch(0, START, Map.of("not_json", 2L, "empty", 1L), 900, 1500));

    assertThat(lines())
        .contains(
            "vectorstream_events_total{outcome=\"stored\"} 2.0",
            "vectorstream_events_total{outcome=\"dead_lettered\"} 3.0",
            "vectorstream_events_total{outcome=\"duplicate\"} 0.0",
            "vectorstream_dead_letters_total{reason=\"not_json\"} 2.0",
            "vectorstream_dead_letters_total{reason=\"empty\"} 1.0",
            "vectorstream_dead_letters_total{reason=\"wrong_type\"} 0.0",
            "vectorstream_kafka_lag 7.0",
            "vectorstream_embedding_pending_texts 3.0");
  }

  @Test
  void each_event_is_in_the_histogram_of_latencies() {
    add(batch(0, START, Map.of(), 900, 1500, 1500, 29_000));

    assertThat(lines())
        .contains(
            "vectorstream_event_latency_seconds_bucket{le=\"1.0\"} 1",
            "vectorstream_event_latency_seconds_bucket{le=\"2.0\"} 3",
            "vectorstream_event_latency_seconds_bucket{le=\"30.0\"} 4",
            "vectorstream_event_latency_seconds_count 4",
            "vectorstream_batch_duration_seconds_count 1",
            "vectorstream_batch_phase_seconds_sum{phase=\"embed\"} 0.3");
  }

  @Test
  void the_state_is_the_one_with_a_1() {
    calls = new StoreCalls(100, 4, START, "no answer");
    health = new Health(Health.State.WAITING, START, "no answer", 3);

    assertThat(lines())
        .contains(
            "vectorstream_state{state=\"waiting\"} 1.0",
            "vectorstream_state{state=\"running\"} 0.0",
            "vectorstream_restarts_total 3.0",
            "vectorstream_store_outage 1.0",
            "vectorstream_store_failed_calls_total 4.0",
            "vectorstream_embedding_fallback 1.0",
            "vectorstream_embedding_device_failures_total 2.0",
            "vectorstream_embedding_compute_seconds_total 1.5",
            "vectorstream_executors 2.0",
            "vectorstream_stream_silence_seconds 2.5");
  }

  @Test
  void what_waits_for_its_embedding_is_told_with_the_time_that_it_takes() {
    assertThat(lines())
        .contains(
            "vectorstream_embedding_backlog_products 40.0",
            "vectorstream_embedding_backlog_users 5.0",
            "vectorstream_embedding_backlog_seconds 90.0",
            "vectorstream_embedding_backlog_age_seconds 180.0",
            "vectorstream_interest_stand_ins_total 6.0",
            "vectorstream_interest_left_out_shares_total 7.0");
  }

  @Test
  void the_products_topic_is_told_with_what_became_of_its_records() {
    assertThat(lines())
        .contains(
            "vectorstream_products_lag 8.0",
            "vectorstream_products_records_total{outcome=\"applied\"} 9.0",
            "vectorstream_products_records_total{outcome=\"passed_over\"} 10.0",
            "vectorstream_products_records_total{outcome=\"dead_lettered\"} 11.0",
            "vectorstream_products_records_total{outcome=\"refused\"} 14.0",
            "vectorstream_products_hidden 12.0",
            "vectorstream_products_retired 13.0");
  }

  private String[] lines() {
    return registry.scrape().split("\n");
  }
}
