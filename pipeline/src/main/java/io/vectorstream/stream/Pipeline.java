package io.vectorstream.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.monitoring.BatchHistory;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.BoundedInterests;
import io.vectorstream.monitoring.EmbeddingBacklog;
import io.vectorstream.monitoring.ExecutorReport;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.PipelineMetrics;
import io.vectorstream.monitoring.PipelineStatus;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.monitoring.RunningPipeline;
import io.vectorstream.monitoring.StructuredLog;
import io.vectorstream.process.NativeWork;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.StoreCalls;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.kafka.common.KafkaException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * The running pipeline: a streaming query from Kafka to the store, a micro-batch a trigger. When
 * the JVM is asked to end, it finishes the present batch first.
 */
public final class Pipeline implements RunningPipeline, AutoCloseable {

  /** The priority above Spark's own hook, which would interrupt the batch. */
  private static final int SHUTDOWN_PRIORITY = 100;

  /** The priority below Spark's own hooks, which delete its temporary files. */
  private static final int LAST = 1;

  private static final Duration LONGEST_FIRST_TRIGGER = Duration.ofSeconds(5);

  private static final Duration LONGEST_STOP = Duration.ofMinutes(5);

  /** The time without a report after which an executor counts as lost. */
  private static final Duration LATEST_REPORT = Duration.ofSeconds(10);

  private final Settings settings;
  private final Preflight preflight;
  private final EmbeddingService embeddings;
  private final VectorStore store;
  private final SparkSession spark;
  private final TopicRecords topic;
  private final String paceName;
  private final BatchRunner batches;
  private final Supervisor supervisor;
  private final Consumer<BatchReport> onBatch;
  private final HealthWatch watch;
  private final PendingWork pendingWork;
  private final EmbeddingPace embeddingPace;
  private final Map<String, ExecutorReport> executors;
  private final Instant startedAt = Instant.now();
  private final BatchHistory history = new BatchHistory(startedAt);
  private final Runnable shutdownHook = this::stop;

  /** The present batch is finished when the process ends, and may need the model. */
  private final NativeWork.Lease nativeWork = NativeWork.ofProcess().keepPossible();

  private final Runnable lastHook = nativeWork::close;
  private volatile PipelineMetrics metrics;
  private boolean stopped;

  private Pipeline(
      Settings settings,
      Preflight preflight,
      EmbeddingService embeddings,
      VectorStore store,
      Ledger ledger,
      Consumer<BatchReport> onBatch,
      Consumer<Health> onHealth) {
    this.settings = settings;
    this.preflight = preflight;
    this.embeddings = embeddings;
    this.store = store;
    try {
      this.spark = session(settings);
    } catch (RuntimeException e) {
      nativeWork.close();
      throw e;
    }
    ShutdownHookManager.get().addShutdownHook(lastHook, LAST);
    this.executors = ExecutorReports.received(spark.sparkContext());
    BatchPace pace =
        new BatchPace(settings.stream().batchTime(), settings.stream().maxEventsPerBatch());
    this.paceName = PacedKafkaSource.register(pace);
    this.onBatch = onBatch;
    this.topic = new TopicRecords(spark, settings.kafka());
    this.batches = new BatchRunner(settings, spark, pace, ledger, topic, this::committed);
    this.embeddingPace =
        new EmbeddingPace(
            settings.stream().pendingTime(), settings.stream().batchTime(), Clock.systemUTC());
    PendingEmbeddings pending =
        new PendingEmbeddings(
            settings,
            JavaSparkContext.fromSparkContext(spark.sparkContext()),
            ledger,
            batches::tasks,
            embeddingPace);
    this.pendingWork =
        new PendingWork(
            batches::between,
            () -> {
              // A pipeline that was replaced may find no record, so no batch would end it.
              ledger.requireOwned();
              batches.finishForgetting();
              boolean moreToDelete = batches.deleteOld();
              return pending.step() || moreToDelete;
            },
            embeddingPace::turn,
            this::end);
    try {
      WarmUp.run(spark, batches.tasks(), RapidsPlugin.target(settings));
    } catch (RuntimeException e) {
      spark.stop();
      releaseNativeWork();
      throw new PipelineException("Spark does not start: " + Failure.rootMessage(e), e);
    }
    spark.streams().addListener(batches.progress(pendingWork::wake));
    this.supervisor =
        new Supervisor(
            this::startQuery, failure -> Failure.of(failure, settings), batches::committedBatches);
    supervisor.start();
    // When this returns, the pipeline processes new events at once.
    batches.awaitFirstTrigger(LONGEST_FIRST_TRIGGER);
    pendingWork.start();
    this.watch = new HealthWatch(this::health, onHealth.andThen(StructuredLog::health));
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
    Settings settings = given.withFilesRead();
    LocalHost.prepare(settings.spark());
    VectorStore store = VectorStore.connect(settings.qdrant());
    try {
      SubmittedSpark.requireOneAttempt(settings.spark());
      SparkAuthentication.require(settings.spark());
      RapidsPlugin.prepare(settings.spark());
      LoginUser.ensure();
      Preflight preflight = new Preflight(settings);
      preflight.prepareTopics();
      store.check();
      EmbeddingService embeddings = EmbeddingService.shared(settings.embedding());
      Ledger ledger = preflight.prepareStore(store, embeddings);
      return new Pipeline(settings, preflight, embeddings, store, ledger, onBatch, onHealth);
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
  }

  private static SparkSession session(Settings settings) {
    Settings.Spark spark = settings.spark();
    Map<String, String> config = new HashMap<>(SubmittedSpark.defaults(spark));
    config.put("spark.app.name", spark.appName());
    config.put("spark.sql.session.timeZone", "UTC");
    String master = SubmittedSpark.master(spark);
    if (!master.isEmpty()) {
      config.put("spark.master", master);
    }
    config.putAll(SparkRedaction.settings(settings));
    config.putAll(Checkpoint.privately(spark));
    config.putAll(spark.properties());
    config.putAll(LocalHost.settings(spark));
    Map<String, String> rapids = RapidsPlugin.settings(spark);
    config.putAll(rapids);
    String plugins = rapids.getOrDefault(SparkPlugins.SETTING, SparkPlugins.given(spark));
    config.put(SparkPlugins.SETTING, SparkPlugins.with(plugins, ExecutorReports.class.getName()));
    if (LocalHost.isAll(spark)) {
      // The session reads these settings.
      LocalHost.Conf conf = new LocalHost.Conf();
      config.forEach(conf::set);
      SparkContext.getOrCreate(conf);
    }
    SparkSession.Builder builder = SparkSession.builder();
    config.forEach(builder::config);
    SparkSession session = builder.getOrCreate();
    SparkRedaction.withdrawFromTasks(session);
    return session;
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

  /** Ends the pipeline. Called by pending work, which begins after the supervisor exists. */
  private void end(FencedException replaced) {
    supervisor.end(replaced);
  }

  /** Starts the query. Called again after a failure. */
  private StreamingQuery startQuery() throws TimeoutException, InterruptedException {
    batches.startOver();
    preflight.checkTopic();
    if (preflight.isFirstStart()) {
      batches.finishLost();
    }
    return topic.stream(paceName)
        .writeStream()
        .queryName(settings.spark().appName())
        .option("checkpointLocation", settings.stream().checkpoint())
        .trigger(
            Trigger.ProcessingTime(settings.stream().trigger().toMillis(), TimeUnit.MILLISECONDS))
        .foreachBatch(batches::run)
        .start();
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
    return executors.values().stream()
        .map(ExecutorReport::embedding)
        .reduce(embeddings.stats(), EmbeddingStats::plus);
  }

  /** Registers its meters, and keeps them up to date from now on. */
  public void bindTo(MeterRegistry registry) {
    metrics = PipelineMetrics.register(registry, new MetricsSource());
  }

  private final class MetricsSource implements PipelineMetrics.Source {

    @Override
    public Health health() {
      return Pipeline.this.health();
    }

    @Override
    public BatchHistory history() {
      return history;
    }

    @Override
    public EmbeddingStats embeddingStats() {
      return Pipeline.this.embeddingStats();
    }

    @Override
    public boolean hasFallenBack() {
      return embeddings.hasFallenBack()
          || executorsAtWork().anyMatch(ExecutorReport::hasFallenBack);
    }

    @Override
    public StoreCalls storeCalls() {
      return Pipeline.this.storeCalls();
    }

    @Override
    public long executors() {
      return executorsAtWork().count();
    }

    @Override
    public EmbeddingBacklog embeddingBacklog() {
      return embeddingPace.backlog();
    }

    @Override
    public BoundedInterests boundedInterests() {
      return executors.values().stream()
          .map(ExecutorReport::boundedInterests)
          .reduce(InterestBounds.counted(), BoundedInterests::plus);
    }

    @Override
    public Duration sinceLastSign() {
      return Duration.between(batches.lastSign(), Instant.now());
    }
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
            Instant.now()));
  }

  public String sparkVersion() {
    return spark.version();
  }

  /** Returns whether it continues, with restarts; false after a stop or a lasting failure. */
  public boolean isRunning() {
    return !supervisor.isOver();
  }

  /** Returns its present health. */
  @Override
  public Health health() {
    Health query = supervisor.health();
    if (query.state() != Health.State.RUNNING) {
      return query;
    }
    StoreCalls calls = storeCalls();
    if (calls.outageSince() != null) {
      return health(Health.State.WAITING, calls.outageSince(), calls.outageReason());
    }
    return overdue().orElse(query);
  }

  /** Returns statistics of calls to the store, by this process and by live executors. */
  private StoreCalls storeCalls() {
    return executorsAtWork()
        .map(ExecutorReport::storeCalls)
        .reduce(VectorStore.sharedCalls(), StoreCalls::plus);
  }

  private Stream<ExecutorReport> executorsAtWork() {
    Instant current = Instant.now().minus(LATEST_REPORT);
    return executors.values().stream().filter(report -> report.at().isAfter(current));
  }

  /** Returns the health if a batch, or an answer of Kafka between batches, is overdue. */
  private Optional<Health> overdue() {
    Duration usual =
        Collections.max(
            List.of(
                Duration.ofSeconds(30),
                settings.stream().batchTime().multipliedBy(2),
                settings.stream().trigger().multipliedBy(3)));
    Instant latest = Instant.now().minus(usual);
    Optional<Instant> batchSince = batches.batchSince();
    if (batchSince.isPresent()) {
      return batchSince
          .filter(since -> since.isBefore(latest))
          .map(since -> health(Health.State.DELAYED, since, "a batch takes longer than it should"));
    }
    return Optional.of(batches.lastSign())
        .filter(sign -> sign.isBefore(latest))
        .map(
            sign ->
                health(
                    Health.State.WAITING,
                    sign,
                    "no word from Kafka at " + settings.kafka().bootstrapServers()));
  }

  private Health health(Health.State state, Instant since, String reason) {
    return new Health(state, since, reason, supervisor.health().restarts());
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
    pendingWork.close();
    batches.finish(
        () -> supervisor.isQueryActive() && health().state() != Health.State.WAITING, LONGEST_STOP);
    supervisor.stop();
    watch.close();
    batches.close();
    PacedKafkaSource.forget(paceName);
    spark.stop();
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
      nativeWork.close();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
