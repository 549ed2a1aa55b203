package io.vectorstream.stream;

import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import io.vectorstream.config.Tracing;
import io.vectorstream.trace.Step;
import io.vectorstream.trace.Traces;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Spark plugin that makes each task a part of the trace of the step that needs it. Spark creates
 * it by its class name, and only where batches are traced. In the driver's process, tasks take the
 * driver's way out; an executor on another machine has one of its own to the same collector.
 */
public final class TaskTraces implements SparkPlugin {

  private static final Logger log = LoggerFactory.getLogger(TaskTraces.class);

  private static final String PREFIX = "spark.vectorstream.tracing.";
  private static final String ID = PREFIX + "id";
  private static final String ENDPOINT = PREFIX + "otlp_endpoint";

  /** The number of the secret, and not the secret, which Spark's pages and logs would show. */
  private static final String AUTHORIZATION = PREFIX + "otlp_authorization_id";

  /** Returns the Spark settings by which it knows where spans go; empty if nothing is traced. */
  static Map<String, String> settings(Settings settings) {
    Tracing tracing = settings.tracing();
    return Traces.shared(tracing, settings.spark().appName())
        .map(
            traces ->
                Map.of(
                    ID,
                    traces.id(),
                    ENDPOINT,
                    tracing.otlpEndpoint(),
                    AUTHORIZATION,
                    TaskSecrets.keep(tracing.otlpAuthorization())))
        .orElse(Map.of());
  }

  /**
   * Checks that what is asked for can be had.
   *
   * @throws PipelineException if executors are other processes, and traces are to be chosen by
   *     their duration or to go to a file
   */
  static void require(Settings settings) {
    Tracing tracing = settings.tracing();
    if (!SubmittedSpark.isCluster(SubmittedSpark.master(settings.spark()))) {
      return;
    }
    if (!tracing.file().isEmpty()) {
      throw new PipelineException(
          "tracing.file is for one machine: on a cluster the tasks' part would lie on others; expected tracing.otlp_endpoint");
    }
    if (!tracing.slowerThan().isZero()) {
      throw new PipelineException(
          "tracing.slower_than is for one machine: on a cluster no process knows a whole trace; expected 0s, and a collector that chooses, such as one with tail sampling");
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Tasks();
  }

  private static final class Tasks implements ExecutorPlugin {

    private final ThreadLocal<Step> present = new ThreadLocal<>();
    private PluginContext context;

    /** Null until the first traced task. */
    private Optional<Traces> traces;

    private Traces own;

    @Override
    public void init(PluginContext plugin, Map<String, String> settings) {
      context = plugin;
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      String traceparent = task.getLocalProperty(BatchStep.PROPERTY);
      if (traceparent == null) {
        return;
      }
      traces()
          .ifPresent(
              open ->
                  present.set(
                      open.join(traceparent, "task")
                          .with("spark.stage.id", task.stageId())
                          .with("spark.partition.id", task.partitionId())
                          .with("spark.task.attempt", task.attemptNumber())));
    }

    @Override
    public void onTaskSucceeded() {
      end(null);
    }

    @Override
    public void onTaskFailed(TaskFailedReason reason) {
      // Its text has the failure's message in it.
      end(reason.getClass().getSimpleName());
    }

    private void end(String error) {
      Step step = present.get();
      if (step == null) {
        return;
      }
      present.remove();
      if (error != null) {
        step.failed(error);
      }
      step.close();
    }

    private synchronized Optional<Traces> traces() {
      if (traces == null) {
        traces = open(context.conf());
      }
      return traces;
    }

    private Optional<Traces> open(SparkConf conf) {
      Optional<Traces> ofDriver = Traces.find(conf.get(ID));
      if (ofDriver.isPresent()) {
        return ofDriver;
      }
      try {
        Secret authorization = TaskSecrets.get(conf.get(AUTHORIZATION));
        own =
            Traces.open(
                new Tracing(conf.get(ENDPOINT), authorization, "", "", Duration.ZERO),
                conf.get("spark.app.name"),
                "executor " + context.executorID());
        return Optional.of(own);
      } catch (RuntimeException e) {
        log.warn("the tasks of this executor are missing in traces", e);
        return Optional.empty();
      }
    }

    @Override
    public synchronized void shutdown() {
      if (own != null) {
        own.close();
      }
    }
  }
}
