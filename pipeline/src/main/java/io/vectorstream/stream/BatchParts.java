package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetters;
import io.vectorstream.migration.Side;
import io.vectorstream.migration.Sides;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.VectorStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processing of one Spark batch, part after part; nearly always there is one part. The ledger
 * records each part before it begins, and before it counts.
 */
final class BatchParts {

  private static final Logger log = LoggerFactory.getLogger(BatchParts.class);

  private final Settings settings;
  private final Checkpoint checkpoint;
  private final JavaSparkContext spark;
  private final IntSupplier tasks;
  private final BatchPace pace;
  private final Ledger ledger;
  private final TopicRecords topic;
  private final UnfinishedBatch unfinished;
  private final Forgetting forgetting;
  private final EventRetention retention;
  private final Sides sides;

  /** True if the last try of a batch failed because a service did not answer. */
  private boolean failedInPassing;

  /** The last batch, or part of one, that is known to be done. */
  private volatile BatchMark done;

  BatchParts(
      Settings settings,
      JavaSparkContext spark,
      IntSupplier tasks,
      BatchPace pace,
      Ledger ledger,
      TopicRecords topic,
      Sides sides) {
    this.sides = sides;
    this.settings = settings;
    this.checkpoint = new Checkpoint(settings);
    this.spark = spark;
    this.tasks = tasks;
    this.pace = pace;
    this.ledger = ledger;
    this.topic = topic;
    this.unfinished = new UnfinishedBatch(settings, ledger, sides, this::runAgain);
    this.forgetting = new Forgetting(sides, ledger);
    this.retention = new EventRetention(settings, ledger, Clock.systemUTC());
  }

  /**
   * Runs a batch; when it returns, all of it is acknowledged.
   *
   * @param records the records that Spark reads for it
   * @param deadLetters called when the ledger has recorded the batch: it fences other writers off
   */
  BatchReport run(
      Dataset<Row> records, String queryId, long number, Supplier<DeadLetters> deadLetters) {
    try {
      Checkpoint.Plan plan = checkpoint.plan(number);
      BatchMark whole = new BatchMark(queryId, number, plan.name());
      BatchReport report = run(records, whole, pace.plan(), plan.atMicros(), deadLetters);
      failedInPassing = false;
      return report;
    } catch (RuntimeException e) {
      failedInPassing = QueryFailure.of(e, settings).kind() == QueryFailure.Kind.PASSING;
      throw e;
    }
  }

  /** Finishes the batch that was begun last, of whichever query. */
  void finishLost() {
    ledger.entry().begun().ifPresent(this::finishLost);
  }

  private void finishLost(BegunBatch batch) {
    unfinished.finish(batch);
    done = ledger.entry().batch().mark();
  }

  /** Records that a query has nothing to do: the batch that it has begun last is done. */
  void idle(String queryId) {
    ledger
        .entry()
        .begun()
        .map(BegunBatch::mark)
        .filter(mark -> mark.queryId().equals(queryId))
        .ifPresent(mark -> done = mark);
  }

  /** Records that Spark repeats a batch that is done, because it has not committed it. */
  void repeats() {
    done = null;
  }

  /**
   * Makes a step of what is left to be done for users who are to be forgotten, unless what was
   * begun last may be unfinished. Never beside a batch.
   *
   * @return whether there may be more to do
   */
  boolean forget() {
    return areDone() && forgetting.step();
  }

  /**
   * Makes a step of deleting old events, unless the batch that was begun last may be unfinished.
   * Never runs beside a batch.
   *
   * @return whether there may be more to do
   */
  boolean deleteOld() {
    return areDone() && retention.step();
  }

  /** Returns whether nothing that was begun may be unfinished. */
  boolean areDone() {
    return ledger
        .entry()
        .begun()
        .map(BegunBatch::mark)
        .filter(mark -> !mark.equals(done))
        .isEmpty();
  }

  /** Processes a batch that another query has begun, as far as that query has begun it. */
  private void runAgain(BegunBatch batch) {
    PartPlan parts = new PartPlan(batch.mark().whole(), batch.topicId(), batch.plan());
    ledger.note(batch);
    try (DeadLetters deadLetters = new DeadLetters(settings.kafka(), batch.mark().queryId())) {
      long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
      workOff(parts, parts.first(batch, pace.limit()), null, now, () -> deadLetters);
    }
  }

  private BatchReport run(
      Dataset<Row> records,
      BatchMark whole,
      List<OffsetRange> plan,
      long plannedAtMicros,
      Supplier<DeadLetters> deadLetters) {
    Optional<BatchMark> finished = ledger.entry().finished(whole.queryId());
    if (finished.isPresent()) {
      if (finished.get().equals(whole)) {
        log.info("batch {} was completed by the pipeline that has followed it", whole);
        return BatchReport.nothing(whole.number(), Instant.now(), pace.waiting());
      }
      Checkpoint.requireNewest(settings.stream().checkpoint(), whole, finished.get().toString());
    }
    BegunBatch last = ledger.entry().batch();
    if (last != null) {
      finishBefore(whole, last);
    }
    PartPlan parts = new PartPlan(whole, checkpoint.requireTopic().topicId(), plan);
    BegunBatch first =
        last == null && ledger.hasEvents() ? parts.undivided() : parts.first(last, pace.limit());
    return workOff(parts, first, records, plannedAtMicros, deadLetters);
  }

  /**
   * @param records the records that Spark reads for the whole of it; null to read them again
   */
  private BatchReport workOff(
      PartPlan parts,
      BegunBatch first,
      Dataset<Row> records,
      long plannedAtMicros,
      Supplier<DeadLetters> deadLetters) {
    BatchReport report = null;
    BegunBatch part = failedInPassing ? first.withTries(Math.max(1, first.tries() - 1)) : first;
    while (part != null) {
      boolean all = records != null && parts.isWhole(part);
      try {
        BatchReport done =
            run(all ? records : topic.read(part.ranges()), part, plannedAtMicros, deadLetters);
        report = report == null ? done : report.plus(done);
        part = parts.next(part, pace.limit());
      } catch (TooManyTextsException e) {
        log.info("{}: batch {} is divided further", e.getMessage(), part.mark());
        pace.holds(part.size(), e.texts());
        part = parts.first(part, pace.limit());
      }
    }
    return report;
  }

  /** Completes the batch begun before this one: its own query does so, or else this one. */
  private void finishBefore(BatchMark whole, BegunBatch last) {
    BatchMark before = last.mark();
    if (!before.queryId().equals(whole.queryId())) {
      finishLost(last);
    } else if (before.number() == whole.number()) {
      if (!before.whole().equals(whole)) {
        finishLost(last);
      }
    } else if (before.number() > whole.number()) {
      ledger.requireOwned();
      throw Checkpoint.older(settings.stream().checkpoint(), whole, before.toString());
    } else if (before.number() < whole.number() - 1) {
      // A pipeline that was replaced does not know its successor's batches on the same checkpoint.
      ledger.requireOwned();
      throw new PipelineException(
          "the collections at %s:%d are older than the checkpoint %s: they were last changed by batch %s, and this is batch %s; put the collections of the same time back, or delete the checkpoint to read the topic from its start, which counts nothing twice"
              .formatted(
                  settings.qdrant().host(),
                  settings.qdrant().port(),
                  settings.stream().checkpoint(),
                  before,
                  whole));
    }
  }

  private BatchReport run(
      Dataset<Row> records,
      BegunBatch part,
      long plannedAtMicros,
      Supplier<DeadLetters> deadLetters) {
    BatchStep.run(spark.sc(), "ledger begin", () -> ledger.note(part));
    // Read only now: a later request to forget a user finds the part in the ledger, and a copy of
    // what is stored for another model begins behind it.
    List<Side> models = sides.written();
    BatchRules rules =
        new BatchRules(
            forgetting.known(models),
            ledger.entry().horizon(),
            plannedAtMicros,
            part.stage() == Stage.COUNTING);
    MicroBatch batch =
        new MicroBatch(
            TaskSettings.of(settings),
            SideTasks.of(models),
            settings.stream().embeddingTime(),
            RapidsPlugin.target(settings),
            part.mark(),
            ledger.nextTurn(),
            tasks.getAsInt(),
            spark,
            rules);
    BatchReport report =
        batch.run(
            records,
            pace.waiting(),
            deadLetters.get(),
            texts -> {
              if (part.stage() == Stage.STORING) {
                TooManyTextsException.check(texts);
                ledger.note(part.counting());
              }
            });
    done = part.mark();
    BatchStep.run(spark.sc(), "forget", forgetting::step);
    // The time that a batch waits for a server says nothing about how many events fit.
    if (!VectorStore.hasFailedSince(settings.qdrant(), report.startedAt())) {
      pace.took(report.records(), report.duration());
    }
    return report;
  }
}
