package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.trace.Step;
import io.vectorstream.trace.Trace;
import io.vectorstream.trace.Traces;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * One trace for each batch, from its begin until Spark has committed it, or until it failed. What
 * it says of the whole is what the batch's report says.
 */
final class BatchTraces {

  private final Optional<Traces> traces;
  private final JavaSparkContext spark;
  private final Settings settings;

  /** The trace of the batch that Spark has not committed yet. */
  private final AtomicReference<Trace> uncommitted = new AtomicReference<>(Trace.NONE);

  BatchTraces(Settings settings, JavaSparkContext spark) {
    this.traces = Traces.shared(settings.tracing(), settings.spark().appName());
    this.spark = spark;
    this.settings = settings;
  }

  /** The processing of a batch. */
  interface Work {
    BatchReport run() throws InterruptedException;
  }

  /**
   * Processes a batch on this thread; traced, if that is wanted.
   *
   * @param calledAt when Spark called for it
   * @param begunAt when it began, after the work between batches had ended
   */
  BatchReport in(
      long batch, List<OffsetRange> offsets, Instant calledAt, Instant begunAt, Work work)
      throws InterruptedException {
    if (traces.isEmpty()) {
      return work.run();
    }
    Trace trace = begin(traces.get(), batch, offsets, calledAt);
    try (Trace.Work entered = trace.enter()) {
      spark.setLocalProperty(BatchStep.PROPERTY, Step.traceparent());
      Step.past("wait", calledAt, begunAt);
      BatchReport report = work.run();
      // Where Spark goes on without word of a commit, it has committed.
      uncommitted.getAndSet(trace).end(Instant.now());
      return report;
    } catch (InterruptedException | RuntimeException | Error e) {
      end(trace, e.getClass().getName());
      throw e;
    } finally {
      spark.setLocalProperty(BatchStep.PROPERTY, null);
    }
  }

  private Trace begin(Traces open, long batch, List<OffsetRange> offsets, Instant start) {
    String topic = settings.kafka().topic();
    return open.begin("process " + topic, start)
        .with("messaging.system", "kafka")
        .with("messaging.operation.type", "process")
        .with("messaging.operation.name", "process")
        .with("messaging.destination.name", topic)
        .with("vectorstream.batch", batch)
        .with(
            "vectorstream.offsets",
            offsets.stream()
                .map(
                    range ->
                        "%s-%d: %d to %d"
                            .formatted(
                                range.topic(), range.partition(), range.from(), range.until()))
                .toList());
  }

  /**
   * Ends the trace of the batch that Spark has committed.
   *
   * @param sparkMs what Spark says of its own steps: milliseconds by their names
   */
  void committed(BatchReport report, Map<String, Long> sparkMs) {
    Trace trace = uncommitted.getAndSet(Trace.NONE);
    if (!trace.isTraced()) {
      return;
    }
    trace
        .with("messaging.batch.message_count", report.records())
        .with("vectorstream.stored", report.stored())
        .with("vectorstream.duplicates", report.duplicates())
        .with("vectorstream.dead_lettered", report.deadLettered())
        .with("vectorstream.skipped", report.skipped())
        .with("vectorstream.waiting", report.waiting())
        .with("vectorstream.pending_texts", report.pendingTexts())
        .with("vectorstream.duration_ms", report.duration().toMillis())
        .with("vectorstream.parse_ms", report.phases().parse().toMillis())
        .with("vectorstream.embed_ms", report.phases().embed().toMillis())
        .with("vectorstream.store_ms", report.phases().store().toMillis());
    sparkMs.forEach((name, millis) -> trace.with("vectorstream.spark." + name + "_ms", millis));
    trace.end(report.endedAt());
  }

  /** Ends the trace of a batch that Spark has not committed, and repeats. */
  void startOver() {
    end(uncommitted.getAndSet(Trace.NONE), "not_committed");
  }

  private static void end(Trace trace, String error) {
    if (trace.isTraced()) {
      trace.failed(error).end(Instant.now());
    }
  }
}
