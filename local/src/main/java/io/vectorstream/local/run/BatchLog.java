package io.vectorstream.local.run;

import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Phases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** The pipeline's reports so far. Threads may add and read at the same time. */
final class BatchLog {
  private final List<Batch> batches = new ArrayList<>();
  private final Histogram latencyMs = new Histogram(3);
  private PipelineTotals totals = PipelineTotals.NONE;
  private LastBatch last;

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
    // If there are no records yet, Spark begins with an empty batch, which is left out.
    if (batch.events() > 0) {
      batches.add(batch);
    }
    latencyMs.add(report.latencyMs());
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

  /** Returns all latencies, in milliseconds, as a copy. */
  synchronized Histogram latencyMs() {
    return latencyMs.copy();
  }

  synchronized Optional<LastBatch> last() {
    return Optional.ofNullable(last);
  }

  /** Returns when the batch was committed. */
  static Instant commit(Batch batch) {
    return batch.startedAt().plusMillis(batch.durationMs());
  }

  /** Deletes everything: the measurement begins now. */
  synchronized void startOver() {
    batches.clear();
    latencyMs.reset();
    totals = PipelineTotals.NONE;
    last = null;
  }
}
