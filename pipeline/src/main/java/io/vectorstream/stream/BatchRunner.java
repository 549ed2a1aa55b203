package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetters;
import io.vectorstream.migration.Sides;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.store.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.apache.spark.sql.streaming.StreamingQueryProgress;

/**
 * The runner of the query's batches, one after another. It reports each batch once Spark has
 * committed it, and can be told to take no more.
 */
final class BatchRunner implements AutoCloseable {

  /** Spark's name for the id of the query that a batch belongs to. */
  private static final String QUERY_ID = "sql.streaming.queryId";

  private final Settings settings;
  private final JavaSparkContext spark;
  private final BatchParts parts;
  private final Consumer<BatchReport> onCommit;

  private final BatchTraces traces;
  private final BatchPace pace;

  private final BatchGate gate = new BatchGate();

  /** The last batch, until Spark has noted it as done; null while there is none. */
  private final AtomicReference<BatchReport> uncommitted = new AtomicReference<>();

  private DeadLetters deadLetters;
  private final CountDownLatch firstTrigger = new CountDownLatch(1);
  private final AtomicLong committed = new AtomicLong();
  private volatile Instant lastSign = Instant.now();
  private volatile Instant batchSince;

  /**
   * @param pace receives the duration of each batch
   * @param ledger records each batch before it begins
   * @param onCommit called after each committed batch that had records, one at a time
   */
  BatchRunner(
      Settings settings,
      SparkSession session,
      BatchPace pace,
      Ledger ledger,
      TopicRecords topic,
      Sides sides,
      Consumer<BatchReport> onCommit) {
    this.settings = settings;
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.parts = new BatchParts(settings, spark, this::tasks, pace, ledger, topic, sides);
    this.traces = new BatchTraces(settings, spark);
    this.pace = pace;
    this.onCommit = onCommit;
  }

  /** Returns a batch's tasks that run side by side; on a cluster, executors come and go. */
  int tasks() {
    return settings.stream().tasks() > 0 ? settings.stream().tasks() : spark.defaultParallelism();
  }

  /** Runs a batch. Spark calls this for every batch, from the query's thread. */
  void run(Dataset<Row> records, Long batchId) throws InterruptedException {
    Instant calledAt = Instant.now();
    BatchReport last = uncommitted.get();
    gate.enter(last == null || last.id() < batchId);
    batchSince = Instant.now();
    firstTrigger.countDown();
    BatchReport report = null;
    try {
      String queryId = spark.getLocalProperty(QUERY_ID);
      report =
          traces.in(
              batchId,
              pace.plan(),
              calledAt,
              batchSince,
              () -> parts.run(records, queryId, batchId, () -> deadLetters(queryId)));
    } finally {
      batchSince = null;
      leave(report);
    }
  }

  private DeadLetters deadLetters(String queryId) {
    if (deadLetters == null) {
      deadLetters = new DeadLetters(settings.kafka(), queryId);
    }
    return deadLetters;
  }

  /**
   * Finishes the batch that was begun last, if there is one. Called before a query begins that has
   * no checkpoint.
   */
  void finishLost() throws InterruptedException {
    gate.enter(true);
    try {
      parts.finishLost();
    } finally {
      leave(null);
    }
  }

  /**
   * Runs a step that must not run beside a batch, when Spark has committed the batch before.
   *
   * @return the step's result
   */
  boolean between(BooleanSupplier step) throws InterruptedException {
    return gate.between(step);
  }

  private void leave(BatchReport report) {
    uncommitted.set(report);
    gate.leave(report != null);
  }

  /** Discards the state that a failed query has left here. */
  void startOver() {
    if (uncommitted.getAndSet(null) != null) {
      parts.repeats();
    }
    traces.startOver();
    gate.committed();
    lastSign = Instant.now();
    close();
  }

  /** Waits until the first trigger has found a batch or nothing, but no longer than that. */
  void awaitFirstTrigger(Duration longest) {
    try {
      firstTrigger.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the number of batches committed since the start of this process. */
  long committedBatches() {
    return committed.get();
  }

  /** Returns the start of the present batch; empty between batches. */
  Optional<Instant> batchSince() {
    return Optional.ofNullable(batchSince);
  }

  /** Returns when the query last reported that it works, or has nothing to do. */
  Instant lastSign() {
    return lastSign;
  }

  /**
   * Lets no further batch begin, and waits until the present one is committed, if the query lives
   * long enough.
   */
  void finish(BooleanSupplier queryIsActive, Duration timeout) {
    gate.close(() -> uncommitted.get() == null, queryIsActive, timeout);
  }

  /**
   * Makes a step of deleting old events; called between batches. A batch that is repeated has to
   * find the events that it has stored.
   *
   * @return whether there may be more to do
   */
  boolean deleteOld() {
    return parts.deleteOld();
  }

  /** Returns whether no batch is unfinished; called between batches. */
  boolean areDone() {
    return parts.areDone();
  }

  /** Makes a step of forgetting users, if no batch is open; returns whether there may be more. */
  boolean forget() {
    return parts.forget();
  }

  /**
   * Returns the listener that reports committed batches to this runner.
   *
   * @param onIdle called now and then while there is nothing to read
   */
  StreamingQueryListener progress(Runnable onIdle) {
    return new StreamingQueryListener() {
      @Override
      public void onQueryStarted(QueryStartedEvent event) {}

      @Override
      public void onQueryProgress(QueryProgressEvent event) {
        lastSign = Instant.now();
        committed(event.progress());
      }

      @Override
      public void onQueryIdle(QueryIdleEvent event) {
        lastSign = Instant.now();
        firstTrigger.countDown();
        parts.idle(event.id().toString());
        onIdle.run();
      }

      @Override
      public void onQueryTerminated(QueryTerminatedEvent event) {}
    };
  }

  private void committed(StreamingQueryProgress progress) {
    BatchReport report = uncommitted.get();
    if (report == null
        || report.id() != progress.batchId()
        || !uncommitted.compareAndSet(report, null)) {
      return;
    }
    committed.incrementAndGet();
    gate.committed();
    BatchReport whole =
        new BatchReport(
            report.id(),
            Instant.parse(progress.timestamp()),
            Duration.ofMillis(progress.durationMs().get("triggerExecution")),
            report.records(),
            report.stored(),
            report.duplicates(),
            report.skipped(),
            report.ofForgottenUsers(),
            report.deadLetters(),
            report.waiting(),
            report.pendingTexts(),
            report.phases(),
            report.latencyMs(),
            report.lateMs(),
            report.firstStoredAt());
    traces.committed(whole, progress.durationMs());
    onCommit.accept(whole);
  }

  @Override
  public void close() {
    if (deadLetters != null) {
      deadLetters.close();
      deadLetters = null;
    }
  }
}
