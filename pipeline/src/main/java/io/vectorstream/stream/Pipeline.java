package io.vectorstream.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.event.RecordReader;
import io.vectorstream.feed.ProductFeed;
import io.vectorstream.mapping.RecordReaders;
import io.vectorstream.migration.ModelCopy;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.migration.Sides;
import io.vectorstream.monitoring.BatchHistory;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.ExecutorReport;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.monitoring.PipelineMetrics;
import io.vectorstream.monitoring.PipelineStatus;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.monitoring.StructuredLog;
import io.vectorstream.process.NativeWork;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import io.vectorstream.trace.Traces;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.kafka.common.KafkaException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The running pipeline: a streaming query from Kafka to the store, a micro-batch a trigger. When
 * the JVM is asked to end, it finishes the present batch first.
 */
public final class Pipeline implements ObservedPipeline, AutoCloseable {

  /** The priority above Spark's own hook, which would interrupt the batch. */
  private static final int SHUTDOWN_PRIORITY = 100;

  /** The priority below Spark's own hooks, which delete its temporary files. */
  private static final int LAST = 1;

  private static final Duration LONGEST_FIRST_TRIGGER = Duration.ofSeconds(5);

  private static final Duration LONGEST_STOP = Duration.ofMinutes(5);

  private final Settings settings;
  private final EmbeddingService embeddings;
  private final VectorStore store;
  private final SparkSession spark;
  private final String paceName;
  private final BatchRunner batches;
  private final Supervisor supervisor;
  private final Consumer<BatchReport> onBatch;
  private final PipelineHealth health;
  private final HealthWatch watch;
  private final PendingWork pendingWork;
  private final Sides sides;
  private final ModelWork modelWork;

  /** Empty if products have no topic of their own. */
  private final Optional<FeedWork> feedWork;

  private final Map<String, ExecutorReport> executors;
  private final Instant startedAt = Instant.now();
  private final BatchHistory history = new BatchHistory(startedAt);
  private final Runnable shutdownHook = this::stop;

  /** The present batch is finished when the process ends, and may need the model. */
  private final Runnable lastHook;

  private volatile PipelineMetrics metrics;
  private boolean stopped;

  /**
   * Puts the parts together; {@link #begin} starts them.
   *
   * @param nativeWork keeps the model usable until the last batch is finished
   */
  private Pipeline(
      Sides sides,
      Preflight preflight,
      EmbeddingService embeddings,
      VectorStore store,
      Ledger ledger,
      SparkSession spark,
      NativeWork.Lease nativeWork,
      Optional<RecordReader> reader,
      Consumer<BatchReport> onBatch,
      Consumer<Health> onHealth) {
    Settings settings = sides.own();
    this.settings = settings;
    this.sides = sides;
    this.embeddings = embeddings;
    this.store = store;
    this.spark = spark;
    this.onBatch = onBatch;
    this.lastHook = nativeWork::close;
    this.executors = ExecutorReports.received(spark.sparkContext());
    BatchPace pace =
        new BatchPace(settings.stream().batchTime(), settings.stream().maxEventsPerBatch());
    this.paceName = PacedKafkaSource.register(pace);
    TopicRecords topic = new TopicRecords(spark, settings.kafka(), reader);
    this.batches = new BatchRunner(settings, spark, pace, ledger, topic, sides, this::committed);
    EmbeddingPace embeddingPace =
        new EmbeddingPace(
            settings.stream().pendingTime(), settings.stream().batchTime(), Clock.systemUTC());
    PendingOfModels pending =
        new PendingOfModels(
            sides,
            JavaSparkContext.fromSparkContext(spark.sparkContext()),
            ledger,
            batches::tasks,
            embeddingPace);
    PipelineQuery query = new PipelineQuery(settings, preflight, topic, paceName, batches);
    this.supervisor =
        new Supervisor(
            query::start, failure -> QueryFailure.of(failure, settings), batches::committedBatches);
    this.pendingWork =
        new PendingWork(
            batches::between,
            () -> {
              // A pipeline that was replaced may find no record, so no batch would end it.
              ledger.requireOwned();
              boolean moreToForget = batches.forget();
              boolean moreToDelete = batches.deleteOld();
              return pending.step() || moreToDelete || moreToForget;
            },
            embeddingPace::turn,
            PendingWork.LONGEST_REST,
            supervisor::end);
    Optional<ProductFeed> feed =
        settings.kafka().hasProducts()
            ? Optional.of(
                new ProductFeed(settings, ledger, sides, batches::between, pendingWork::wake))
            : Optional.empty();
    this.feedWork = feed.map(products -> new FeedWork(products, supervisor::end));
    this.modelWork =
        new ModelWork(
            new ModelCopy(sides, ledger, batches::between, batches::areDone), supervisor::end);
    this.health =
        new PipelineHealth(
            settings,
            supervisor,
            batches,
            history,
            embeddings,
            embeddingPace,
            executors,
            feed.map(products -> products::status));
    this.watch = new HealthWatch(health::health, onHealth.andThen(StructuredLog::health));
  }

  /** Starts the query and the work between its batches; returns when the query has begun. */
  private void begin() {
    ShutdownHookManager.get().addShutdownHook(lastHook, LAST);
    try {
      WarmUp.run(spark, batches.tasks(), RapidsPlugin.target(settings));
    } catch (RuntimeException e) {
      spark.stop();
      releaseNativeWork();
      throw new PipelineException("Spark does not start: " + QueryFailure.rootMessage(e), e);
    }
    spark.streams().addListener(batches.progress(pendingWork::wake));
    supervisor.start();
    // The caller may send events from now on: it finds the query at work, and not about to begin.
    batches.awaitFirstTrigger(LONGEST_FIRST_TRIGGER);
    pendingWork.start();
    feedWork.ifPresent(FeedWork::start);
    modelWork.start();
    watch.start();
    ShutdownHookManager.get()
        .addShutdownHook(
            shutdownHook, SHUTDOWN_PRIORITY, LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Checks all requirements, creates what is missing, and starts.
   *
   * @param onBatch called after each committed batch, one at a time
   * @throws PipelineException in one line: Kafka or Qdrant does not answer, a collection or the
   *     checkpoint does not fit
   */
  public static Pipeline start(Settings given, Consumer<BatchReport> onBatch) {
    return start(given, onBatch, health -> {});
  }

  /**
   * Starts as {@link #start(Settings, Consumer)} does, for a caller that also wants to know the
   * health.
   *
   * @param onHealth called when the state changes, or the reason for it
   */
  public static Pipeline start(
      Settings given, Consumer<BatchReport> onBatch, Consumer<Health> onHealth) {
    Settings read = given.withFilesRead();
    Optional<RecordReader> reader =
        RecordReaders.of(read.kafka(), TaskSecrets.kept(read.kafka().registry().password()));
    LocalHost.prepare(read.spark());
    Settings settings = ModelInUse.ofReachable(read);
    VectorStore store = VectorStore.connect(settings.qdrant());
    try {
      SubmittedSpark.requireOneAttempt(settings.spark());
      SparkAuthentication.require(settings.spark());
      TaskTraces.require(settings);
      RapidsPlugin.prepare(settings.spark());
      LoginUser.ensure();
      Preflight preflight = new Preflight(settings);
      preflight.prepareTopics();
      RecordReaders.check(settings.kafka());
      store.check();
      EmbeddingService embeddings = EmbeddingService.shared(settings.embedding());
      Sides sides = Sides.open(settings, store);
      Ledger ledger = preflight.prepareStore(store, embeddings, sides);
      NativeWork.Lease nativeWork = NativeWork.ofProcess().keepPossible();
      SparkSession spark;
      try {
        spark = SparkSessions.start(settings);
      } catch (RuntimeException e) {
        nativeWork.close();
        throw e;
      }
      Pipeline pipeline =
          new Pipeline(
              sides,
              preflight,
              embeddings,
              store,
              ledger,
              spark,
              nativeWork,
              reader,
              onBatch,
              onHealth);
      pipeline.begin();
      return pipeline;
    } catch (PipelineException e) {
      close(store, settings);
      throw e;
    } catch (KafkaException
        | StoreException
        | FencedException
        | EmbeddingException
        | UncheckedIOException e) {
      close(store, settings);
      throw new PipelineException(e.getMessage(), e);
    }
  }

  private static void close(VectorStore store, Settings settings) {
    VectorStore.closeShared(settings.qdrant());
    store.close();
    Traces.closeShared(settings.tracing());
  }

  private void committed(BatchReport report) {
    history.add(report);
    if (metrics != null) {
      metrics.record(report);
    }
    StructuredLog.batch(report);
    onBatch.accept(report);
    if (report.pendingTexts() > 0 || !settings.events().areKept()) {
      pendingWork.wake();
    }
  }

  /** Returns the totals of what this process has committed so far. */
  public PipelineTotals totals() {
    return history.totals();
  }

  /** Returns the engine that computes the embeddings. */
  public EngineInfo engine() {
    return embeddings.engine();
  }

  /** Returns which engine was chosen at the start, and why, in one line. */
  public String engineDescription() {
    return embeddings.description();
  }

  /** Returns the statistics of the models, in this process and in the executors. */
  public EmbeddingStats embeddingStats() {
    return health.embeddingStats();
  }

  /** Returns its present health. */
  @Override
  public Health health() {
    return health.health();
  }

  /** Registers its meters, and keeps them up to date from now on. */
  public void bindTo(MeterRegistry registry) {
    metrics = PipelineMetrics.register(registry, health);
  }

  /** Returns its status, with the last batches. */
  @Override
  public Optional<PipelineStatus> status() {
    return Optional.of(
        PipelineStatus.of(
            health(),
            startedAt,
            engine(),
            history,
            embeddingStats(),
            executors.values(),
            health.productFeed(),
            Instant.now()));
  }

  public String sparkVersion() {
    return spark.version();
  }

  /** Returns whether it continues, with restarts; false after a stop or a lasting failure. */
  public boolean isRunning() {
    return !supervisor.isOver();
  }

  /**
   * Waits until it ends for good.
   *
   * @throws PipelineException if it failed, with the reason
   */
  public void awaitTermination() {
    try {
      supervisor.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException("interrupted", e);
    }
    Health end = supervisor.health();
    if (end.state() == Health.State.FAILED) {
      throw new PipelineException(end.reason());
    }
  }

  /**
   * Waits for the present batch to be committed, then stops. Does not wait for a batch that waits
   * for a service: the next start repeats it. Calling it again does nothing.
   */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    feedWork.ifPresent(FeedWork::close);
    modelWork.close();
    pendingWork.close();
    batches.finish(
        () -> supervisor.isQueryActive() && health().state() != Health.State.WAITING, LONGEST_STOP);
    supervisor.stop();
    watch.close();
    batches.close();
    PacedKafkaSource.forget(paceName);
    spark.stop();
    sides.close();
    close(store, settings);
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(shutdownHook);
    }
    releaseNativeWork();
  }

  /** Releases the model; while the process ends, this is its last step. */
  private void releaseNativeWork() {
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(lastHook);
      lastHook.run();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
