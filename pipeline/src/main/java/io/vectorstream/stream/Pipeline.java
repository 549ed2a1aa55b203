package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.event.Topics;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.kafka.common.KafkaException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running pipeline: a streaming query from Kafka to the store, a micro-batch a trigger. When
 * the JVM is asked to end, it finishes the batch in hand first.
 */
public final class Pipeline implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

  /** Above Spark's own hook, which would cut the batch off. */
  private static final int SHUTDOWN_PRIORITY = 100;

  /** Kafka's own defaults make Spark ask for 500 records at a time; this reads a fifth faster. */
  private static final Map<String, String> READ_AHEAD =
      Map.of(
          "kafka.max.poll.records",
          "10000",
          "kafka.max.partition.fetch.bytes",
          Integer.toString(8 << 20));

  private static final Duration LONGEST_STOP = Duration.ofMinutes(5);

  private final Settings settings;
  private final EmbeddingService embeddings;
  private final VectorStore store;
  private final SparkSession spark;
  private final BatchRunner batches;
  private final StreamingQuery query;
  private final AtomicReference<PipelineTotals> totals = new AtomicReference<>(PipelineTotals.NONE);
  private final Runnable shutdownHook = this::stop;
  private boolean stopped;

  private Pipeline(
      Settings settings,
      EmbeddingService embeddings,
      VectorStore store,
      Consumer<BatchReport> onBatch) {
    this.settings = settings;
    this.embeddings = embeddings;
    this.store = store;
    this.spark = session(settings);
    this.batches =
        new BatchRunner(
            settings,
            spark,
            report -> {
              totals.updateAndGet(sum -> sum.plus(report));
              onBatch.accept(report);
            });
    try {
      WarmUp.run(spark, batches.tasks());
      this.query = startQuery();
    } catch (TimeoutException | RuntimeException e) {
      spark.stop();
      throw new PipelineException("the query does not start: " + rootMessage(e), e);
    }
    ShutdownHookManager.get()
        .addShutdownHook(
            shutdownHook, SHUTDOWN_PRIORITY, LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Checks that all it needs is there, creates what is missing, and starts.
   *
   * @param onBatch called after each committed batch, one at a time
   * @throws PipelineException in one line: Kafka or Qdrant does not answer, a collection does not
   *     fit
   */
  public static Pipeline start(Settings given, Consumer<BatchReport> onBatch) {
    Settings settings = given.withApiKeyRead();
    VectorStore store = null;
    try {
      Topics.ensure(settings.kafka());
      store = VectorStore.connect(settings.qdrant());
      store.check();
      EmbeddingService embeddings = EmbeddingService.shared(settings.embedding());
      new CollectionSchemas(store, embeddings.dimension()).ensure(settings.events().vectors());
      return new Pipeline(settings, embeddings, store, onBatch);
    } catch (KafkaException | StoreException e) {
      if (store != null) {
        store.close();
      }
      throw new PipelineException(e.getMessage(), e);
    }
  }

  private static SparkSession session(Settings settings) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .appName(settings.spark().appName())
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false");
    if (!settings.spark().master().isEmpty()) {
      builder.master(settings.spark().master());
    }
    settings.spark().properties().forEach(builder::config);
    return builder.getOrCreate();
  }

  private StreamingQuery startQuery() throws TimeoutException {
    spark.streams().addListener(batches.progress());
    DataStreamReader reader =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", settings.kafka().bootstrapServers())
            .option("subscribe", settings.kafka().topic())
            .option(
                "startingOffsets",
                settings.kafka().startingOffsets().name().toLowerCase(Locale.ROOT))
            .option("maxOffsetsPerTrigger", settings.stream().maxEventsPerBatch())
            // A replay of dead letters that was cut off has not happened.
            .option("kafka.isolation.level", "read_committed")
            .options(READ_AHEAD);
    for (Map.Entry<String, String> property : settings.kafka().properties().entrySet()) {
      reader = reader.option("kafka." + property.getKey(), property.getValue());
    }
    Dataset<Row> records = reader.load();
    return records
        .writeStream()
        .queryName(settings.spark().appName())
        .option("checkpointLocation", settings.stream().checkpoint())
        .trigger(
            Trigger.ProcessingTime(settings.stream().trigger().toMillis(), TimeUnit.MILLISECONDS))
        .foreachBatch(batches::run)
        .start();
  }

  /** What this process has committed so far. */
  public PipelineTotals totals() {
    return totals.get();
  }

  /** What computes the embeddings. */
  public EngineInfo engine() {
    return embeddings.engine();
  }

  /** What the model of this process has done so far; the executors' own are not in it. */
  public EmbeddingStats embeddingStats() {
    return embeddings.stats();
  }

  public String sparkVersion() {
    return spark.version();
  }

  /** Whether the query goes on; false after it was stopped or has failed. */
  public boolean isRunning() {
    return query.isActive();
  }

  /**
   * Waits until the query ends.
   *
   * @throws PipelineException if it failed, with the reason
   */
  public void awaitTermination() {
    try {
      query.awaitTermination();
    } catch (StreamingQueryException e) {
      throw new PipelineException("the query failed: " + rootMessage(e), e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  /** Waits for the batch in hand to be committed, then stops. Calling it again does nothing. */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    batches.finish(query::isActive, LONGEST_STOP);
    try {
      query.stop();
    } catch (TimeoutException e) {
      log.warn("the query did not stop in time; its last batch will be repeated at the next start");
    }
    batches.close();
    spark.stop();
    VectorStore.closeShared(settings.qdrant());
    store.close();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(shutdownHook);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
