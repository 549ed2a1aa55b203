package io.vectorstream.local.run;

import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Phases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The pipeline's reports so far. Threads may add and read at the same time. Events that came to
 * Kafka late have latencies of their own: their lateness says nothing of the pipeline.
 */
final class BatchLog {
  private final List<Batch> batches = new ArrayList<>();
  private final Duration trigger;
  private final Duration warmUp;
  private final Histogram latencyMs = new Histogram(3);
  private final Histogram steadyMs = new Histogram(3);
  private final Histogram lateMs = new Histogram(3);
  private SteadyState steady;
  private Instant firstStoredAt;
  private PipelineTotals totals = PipelineTotals.NONE;
  private LastBatch last;

  /**
   * @param warmUp the first part of a measurement, which the steady state leaves out
   */
  BatchLog(Duration trigger, Duration warmUp) {
    this.trigger = trigger;
    this.warmUp = warmUp;
    startOver(Instant.now());
  }

  /**
   * The latest batch.
   *
   * @param latencyMs its events' median and 99th percentile; empty when it stored none
   */
  record LastBatch(Batch batch, Optional<Percentiles> latencyMs) {}

  record Percentiles(long p50, long p99) {}

  synchronized Batch add(BatchReport report) {
    Batch batch =
        new Batch(
            report.id(),
            report.startedAt(),
            report.duration().toMillis(),
            report.records(),
            new Phases(
                report.phases().parse().toMillis(),
                report.phases().embed().toMillis(),
                report.phases().store().toMillis()));
    Histogram inTime = report.latencyMs().copy();
    inTime.subtract(report.lateMs());
    // If there are no records yet, Spark begins with an empty batch, which is left out.
    if (batch.events() > 0) {
      batches.add(batch);
      if (steady.add(batch)) {
        steadyMs.add(inTime);
      } else {
        steadyMs.reset();
      }
    }
    latencyMs.add(inTime);
    lateMs.add(report.lateMs());
    firstStoredAt = firstStoredAt == null ? report.firstStoredAt() : firstStoredAt;
    totals = totals.plus(report);
    last = new LastBatch(batch, percentiles(report.latencyMs()));
    return batch;
  }

  private static Optional<Percentiles> percentiles(Histogram latencyMs) {
    return latencyMs.getTotalCount() == 0
        ? Optional.empty()
        : Optional.of(
            new Percentiles(
                latencyMs.getValueAtPercentile(50), latencyMs.getValueAtPercentile(99)));
  }

  synchronized List<Batch> batches() {
    return List.copyOf(batches);
  }

  synchronized PipelineTotals totals() {
    return totals;
  }

  /** Returns the latencies, those of late events apart, as copies. */
  synchronized Latencies latencies() {
    return new Latencies(latencyMs.copy(), steadyMs.copy(), lateMs.copy());
  }

  /** Returns what is known of the start. */
  synchronized Beginning beginning() {
    return new Beginning(
        Optional.ofNullable(firstStoredAt), steady.reached(), steady.measuredSince());
  }

  synchronized Optional<LastBatch> last() {
    return Optional.ofNullable(last);
  }

  /** Returns when the batch was committed. */
  static Instant commit(Batch batch) {
    return batch.startedAt().plusMillis(batch.durationMs());
  }

  /**
   * Latencies in milliseconds.
   *
   * @param all of events that were in time, over the whole run
   * @param steady the part of them that is of the steady state
   * @param late of events that came to Kafka late
   */
  record Latencies(Histogram all, Histogram steady, Histogram late) {}

  /**
   * The start of a run.
   *
   * @param firstStoredAt when the store acknowledged the first event
   * @param steadyAt when the steady state began
   * @param measuredSince the start of the batch from which on the rate is measured
   */
  record Beginning(
      Optional<Instant> firstStoredAt,
      Optional<Instant> steadyAt,
      Optional<Instant> measuredSince) {}

  /**
   * Deletes everything: a measurement begins.
   *
   * @param startedAt when its first record is due
   */
  synchronized void startOver(Instant startedAt) {
    steady = new SteadyState(trigger, startedAt, warmUp);
    firstStoredAt = null;
    batches.clear();
    latencyMs.reset();
    steadyMs.reset();
    lateMs.reset();
    totals = PipelineTotals.NONE;
    last = null;
  }
}
