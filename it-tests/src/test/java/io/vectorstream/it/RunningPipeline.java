package io.vectorstream.it;

import io.vectorstream.config.Settings;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.stream.Pipeline;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A pipeline in this process, and its reports. */
public final class RunningPipeline implements AutoCloseable {
  private final List<BatchReport> batches = new CopyOnWriteArrayList<>();
  private final List<Health> healths = new CopyOnWriteArrayList<>();
  private final Pipeline pipeline;

  public RunningPipeline(Settings settings) {
    this.pipeline = Pipeline.start(settings, batches::add, healths::add);
  }

  /** Waits until it has committed and reported that many records, and returns its totals. */
  public PipelineTotals awaitRecords(long records) {
    // A batch is in the totals a little before it is reported.
    await(() -> batches.stream().mapToLong(BatchReport::records).sum() >= records);
    return pipeline.totals();
  }

  /** Waits for the condition; fails at once, with the reason, if the pipeline does. */
  public void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Deployment.PATIENCE)
        .until(
            () -> {
              if (!pipeline.isRunning()) {
                pipeline.awaitTermination();
                throw new IllegalStateException("the pipeline has stopped");
              }
              return condition.call();
            });
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  public PipelineTotals totals() {
    return pipeline.totals();
  }

  public Health health() {
    return pipeline.health();
  }

  /** Returns every state that it reported, in order. */
  public List<Health> healths() {
    return List.copyOf(healths);
  }

  /** Every batch that was committed until now, in order. */
  public List<BatchReport> batches() {
    return List.copyOf(batches);
  }

  /** Lets it finish the present batch, stops it, and returns its totals, which are final. */
  public PipelineTotals stop() {
    pipeline.stop();
    return pipeline.totals();
  }

  @Override
  public void close() {
    stop();
  }
}
