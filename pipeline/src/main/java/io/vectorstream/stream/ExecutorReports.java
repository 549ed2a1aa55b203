package io.vectorstream.stream;

import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.monitoring.ExecutorReport;
import io.vectorstream.monitoring.LogSecrets;
import io.vectorstream.process.JvmRegistry;
import io.vectorstream.process.ProgramStart;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Spark plugin by which executors report their work to the driver: the model and the connection
 * to the store run in the executors, and the driver cannot see them. By it executors also ask the
 * driver for the secrets that they need. Spark creates it by its class name. Executors in the
 * driver's process report nothing.
 */
public final class ExecutorReports implements SparkPlugin {

  private static final Logger log = LoggerFactory.getLogger(ExecutorReports.class);

  /** Spark's name for the executor that is part of the driver's process. */
  private static final String DRIVER = "driver";

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /**
   * Returns the last report of each executor, by its id. Executors that are gone stay in the map,
   * because their work counts. The map is live.
   */
  static Map<String, ExecutorReport> received(SparkContext spark) {
    return JvmRegistry.find(Receiver.class, spark)
        .map(receiver -> receiver.reports)
        .orElse(Map.of());
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Receiver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Sender();
  }

  private static final class Receiver implements DriverPlugin {

    private final Map<String, ExecutorReport> reports = new ConcurrentHashMap<>();
    private SparkContext spark;

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      spark = context;
      JvmRegistry.put(Receiver.class, context, this);
      return Map.of();
    }

    @Override
    public Object receive(Object message) {
      if (message instanceof TaskSecrets.SecretRequest request) {
        return TaskSecrets.answer(request);
      }
      ExecutorReport report = (ExecutorReport) message;
      reports.put(report.id(), report);
      return null;
    }

    @Override
    public void shutdown() {
      JvmRegistry.remove(Receiver.class, spark);
    }
  }

  private static final class Sender implements ExecutorPlugin {

    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "executor-reports");
              thread.setDaemon(true);
              return thread;
            });
    private PluginContext context;

    @Override
    public void init(PluginContext plugin, Map<String, String> settings) {
      context = plugin;
      if (!context.executorID().equals(DRIVER)) {
        // Native libraries that are unpacked from now on are nobody else's to exchange.
        ProgramStart.prepare();
        LogSecrets.mask();
        TaskSecrets.askBy(context);
        clock.scheduleWithFixedDelay(this::send, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private void send() {
      try {
        List<EmbeddingService> models = EmbeddingService.allShared();
        EmbeddingStats done = EmbeddingStats.NONE;
        for (EmbeddingService model : models) {
          done = done.plus(model.stats());
        }
        context.send(
            new ExecutorReport(
                context.executorID(),
                context.hostname(),
                Instant.now(),
                models.isEmpty() ? null : models.get(0).engine(),
                EmbeddingService.modelsLoaded(),
                done,
                VectorStore.sharedCalls(),
                InterestBounds.counted()));
      } catch (IOException | RuntimeException e) {
        // The next report contains everything that this one would have.
        log.debug("a report did not reach the driver", e);
      }
    }

    @Override
    public void shutdown() {
      clock.shutdownNow();
    }
  }
}
