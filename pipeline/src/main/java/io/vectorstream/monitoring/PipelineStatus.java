package io.vectorstream.monitoring;

import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.embedding.EngineInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The present status of the pipeline of one process, for users and pages.
 *
 * @param state as {@link Health.State}, in lower case
 * @param throughputEps records a second over the last minute
 * @param latencyMs of the events of the last minute
 * @param waiting records that the last batch left in Kafka
 * @param pendingTexts new texts that the last batch left for the time after it
 * @param deadLetters since the process began, by the reason's code
 * @param executors processes of their own; empty where everything runs in one
 * @param productFeed how far the products topic is applied; left out if products have none
 * @param batches the last ones, the latest last
 */
public record PipelineStatus(
    String state,
    Instant since,
    String reason,
    int restarts,
    Instant startedAt,
    EngineInfo engine,
    PipelineTotals totals,
    double throughputEps,
    Latency latencyMs,
    long waiting,
    long pendingTexts,
    Map<String, Long> deadLetters,
    EmbeddingStats embedding,
    List<ExecutorReport> executors,
    ProductFeedStatus productFeed,
    List<Batch> batches) {

  /**
   * @param embedding of all processes together
   */
  public static PipelineStatus of(
      Health health,
      Instant startedAt,
      EngineInfo engine,
      BatchHistory history,
      EmbeddingStats embedding,
      Collection<ExecutorReport> executors,
      Optional<ProductFeedStatus> productFeed,
      Instant now) {
    List<BatchReport> last = history.last();
    BatchReport latest = last.isEmpty() ? null : last.get(last.size() - 1);
    return new PipelineStatus(
        health.state().name().toLowerCase(Locale.ROOT),
        health.since(),
        health.reason(),
        health.restarts(),
        startedAt,
        engine,
        history.totals(),
        history.throughput(now),
        Latency.of(history.latencyMs(now)),
        latest == null ? 0 : latest.waiting(),
        latest == null ? 0 : latest.pendingTexts(),
        history.deadLetters(),
        embedding,
        List.copyOf(executors),
        productFeed.orElse(null),
        last.stream().map(Batch::of).toList());
  }

  /**
   * Milliseconds from an event's own timestamp to the store's acknowledgement; 0 without events.
   */
  public record Latency(long p50, long p95, long p99, long max) {

    public static Latency of(Histogram ms) {
      return new Latency(
          ms.getValueAtPercentile(50),
          ms.getValueAtPercentile(95),
          ms.getValueAtPercentile(99),
          ms.getMaxValue());
    }
  }

  /** The time of a batch by phase, in milliseconds. */
  public record Phases(long parse, long embed, long store) {}

  /** A batch, as {@link BatchReport} describes it. */
  public record Batch(
      long id,
      Instant startedAt,
      long durationMs,
      long records,
      long stored,
      long duplicates,
      long deadLettered,
      long skipped,
      long waiting,
      long pendingTexts,
      Phases phasesMs,
      Latency latencyMs) {

    public static Batch of(BatchReport batch) {
      return new Batch(
          batch.id(),
          batch.startedAt(),
          batch.duration().toMillis(),
          batch.records(),
          batch.stored(),
          batch.duplicates(),
          batch.deadLettered(),
          batch.skipped(),
          batch.waiting(),
          batch.pendingTexts(),
          new Phases(
              batch.phases().parse().toMillis(),
              batch.phases().embed().toMillis(),
              batch.phases().store().toMillis()),
          Latency.of(batch.latencyMs()));
    }
  }
}
