package io.vectorstream.stream;

import com.google.common.collect.Iterators;
import com.google.common.collect.Lists;
import io.vectorstream.event.DeadLetters;
import io.vectorstream.event.EventParser;
import io.vectorstream.event.EventRow;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Fence;
import io.vectorstream.trace.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * One micro-batch, from Kafka's records to the store, in an order that makes it repeatable
 * (contract C3):
 *
 * <ol>
 *   <li>events are stored, each under its own id and marked with the batch that stored it first;
 *   <li>dead letters are sent, in one transaction with the batch's number;
 *   <li>the batch is added to products, then to pairs of products, then to users, then to the
 *       minutes of the shop's activity, and each is marked with the batch.
 * </ol>
 *
 * A batch that was interrupted comes again with the same records. Points that are marked with its
 * name were written before and are left alone; an event marked with another batch's name is a
 * duplicate.
 */
final class MicroBatch {

  private final TaskSettings settings;
  private final Duration embeddingTime;
  private final EventParser.Processor target;
  private final BatchMark batch;
  private final Fence fence;
  private final int tasks;
  private final JavaSparkContext spark;
  private final BatchRules rules;
  private final List<SideTasks> sides;
  private final LongAccumulator embedNanos = new LongAccumulator();
  private final LongAccumulator textsLeft = new LongAccumulator();

  /**
   * @param settings the settings that tasks carry
   * @param sides the models whose products and users are changed, in this order
   * @param embeddingTime that the batch may take
   * @param target the engine that parses
   * @param fence of this try of the batch
   * @param tasks how many run side by side
   */
  MicroBatch(
      TaskSettings settings,
      List<SideTasks> sides,
      Duration embeddingTime,
      EventParser.Processor target,
      BatchMark batch,
      Fence fence,
      int tasks,
      JavaSparkContext spark,
      BatchRules rules) {
    this.rules = rules;
    this.sides = sides;
    this.embeddingTime = embeddingTime;
    this.target = target;
    this.fence = fence;
    this.settings = settings;
    this.batch = batch;
    this.tasks = tasks;
    this.spark = spark;
    spark.sc().register(embedNanos, "embed nanos");
    spark.sc().register(textsLeft, "texts left");
  }

  /**
   * Runs the batch; when it returns, all of it is acknowledged.
   *
   * @param waiting records that it left in Kafka
   * @param stored called when all events are stored and none was counted yet, with a counter of the
   *     different product texts; may throw
   */
  BatchReport run(
      Dataset<Row> records, long waiting, DeadLetters deadLetters, Consumer<LongSupplier> stored) {
    Instant startedAt = Instant.now();
    Broadcast<BatchRules> known = spark.broadcast(rules);
    try {
      BatchOutput output = new BatchOutput(writeEvents(records, known), tasks);
      List<BatchPart.Summary> summaries =
          BatchStep.of(spark.sc(), "events", startedAt, () -> parsedAndStored(output, startedAt));
      JavaRDD<ProductDelta> products = output.products();
      BatchStep.run(
          spark.sc(), "ledger count", () -> stored.accept(() -> texts(products, summaries)));
      BatchLetters letters =
          BatchLetters.of(output.deadLetters(), summaries, EventRow.maySplit(records));
      try (SideWork copying = letters.copy(deadLetters, batch)) {
        List<TextVectors> vectors =
            BatchStep.of(spark.sc(), "products", () -> mergeProducts(products));
        if (PairMerger.counts(SideTasks.whole(sides))) {
          BatchStep.run(spark.sc(), "pairs", () -> mergePairs(output.users()));
        }
        BatchStep.run(spark.sc(), "users", () -> mergeUsers(output.users(), vectors));
        BatchStep.run(spark.sc(), "activity", () -> mergeActivity(summaries));
        copying.await();
      }
      return report(startedAt, waiting, summaries, letters.byReason());
    } finally {
      known.destroy();
    }
  }

  private JavaRDD<BatchPart> writeEvents(Dataset<Row> records, Broadcast<BatchRules> rules) {
    TaskSettings settings = this.settings;
    BatchMark batch = this.batch;
    return EventRow.rdd(routed(records, tasks, target))
        .mapPartitions(
            rows -> {
              EventWriter writer = new EventWriter(settings, batch, rules.value());
              TaskContext.get()
                  .addTaskCompletionListener((TaskCompletionListener) task -> writer.close());
              return writer.write(rows);
            });
  }

  /**
   * Returns parsed records, all copies of an event in one task and in the order of their offsets:
   * so each repeat of a batch counts the same copy.
   */
  static Dataset<Row> routed(Dataset<Row> scanned, int tasks, EventParser.Processor target) {
    Dataset<Row> parsed = EventRow.parsed(scanned, target);
    return parsed
        .repartition(tasks, EventParser.routingKey())
        .sortWithinPartitions(EventRow.order(parsed));
  }

  /** Returns the time for embedding that is left to the batch. */
  private Duration embeddingTime() {
    return embeddingTime.minusNanos(embedNanos.value() / tasks);
  }

  /** Returns how many different texts products have; each task has counted its own. */
  private static long texts(JavaRDD<ProductDelta> products, List<BatchPart.Summary> summaries) {
    long most = summaries.stream().mapToLong(BatchPart.Summary::texts).sum();
    return most <= TooManyTextsException.MOST
        ? most
        : products.map(delta -> (long) delta.textsByHash().size()).fold(0L, Long::sum);
  }

  /**
   * Merges the products. Returns the embeddings of the product texts in the batch, by their hashes,
   * for each model: users' interests are made of them.
   */
  private List<TextVectors> mergeProducts(JavaRDD<ProductDelta> products) {
    List<SideTasks> sides = this.sides;
    BatchMark batch = this.batch;
    Fence fence = this.fence;
    LongAccumulator embedNanos = this.embedNanos;
    LongAccumulator textsLeft = this.textsLeft;
    Duration time = embeddingTime().dividedBy(sides.size());
    List<List<TextVectors>> chunks =
        products
            .mapPartitions(
                sums -> {
                  List<ProductMerger> mergers =
                      sides.stream()
                          .map(
                              side ->
                                  side.products(
                                      batch, fence, side.embedder(time, embedNanos, textsLeft)))
                          .toList();
                  return Iterators.transform(
                      ProductMerger.chunks(sums),
                      chunk -> mergers.stream().map(merger -> merger.merge(chunk)).toList());
                })
            .collect();
    return IntStream.range(0, sides.size())
        .mapToObj(side -> TextVectors.union(Lists.transform(chunks, chunk -> chunk.get(side))))
        .toList();
  }

  /** Merges the pairs. They follow from users as they are before this batch. */
  private void mergePairs(JavaRDD<UserDelta> users) {
    TaskSettings settings = SideTasks.whole(sides);
    BatchMark batch = this.batch;
    Fence fence = this.fence;
    // Each task has added up its own; Spark would estimate their sizes again and again to combine
    // them.
    users
        .mapPartitionsToPair(
            sums ->
                Iterators.transform(
                    new PairMerger(settings, batch, fence).deltas(sums).iterator(),
                    delta -> new Tuple2<>(delta.productId(), delta)))
        .partitionBy(new HashPartitioner(tasks))
        .values()
        .foreachPartition(deltas -> new PairMerger(settings, batch, fence).merge(deltas));
  }

  private void mergeUsers(JavaRDD<UserDelta> users, List<TextVectors> products) {
    List<SideTasks> sides = this.sides;
    BatchMark batch = this.batch;
    Fence fence = this.fence;
    LongAccumulator embedNanos = this.embedNanos;
    LongAccumulator textsLeft = this.textsLeft;
    Duration time = embeddingTime().dividedBy(sides.size());
    Broadcast<List<TextVectors>> vectors = spark.broadcast(products);
    try {
      users.foreachPartition(
          sums -> {
            List<UserMerger> mergers = new ArrayList<>();
            for (int i = 0; i < sides.size(); i++) {
              SideTasks side = sides.get(i);
              mergers.add(
                  side.users(
                      batch,
                      fence,
                      vectors.value().get(i),
                      side.embedder(time, embedNanos, textsLeft)));
            }
            UserMerger.merge(UserMerger.chunks(sums), mergers);
          });
    } finally {
      vectors.destroy();
    }
  }

  private void mergeActivity(List<BatchPart.Summary> summaries) {
    new ActivityMerger(settings, batch, fence)
        .merge(summaries.stream().flatMap(summary -> summary.minutes().stream()).toList());
  }

  private static List<BatchPart.Summary> parsedAndStored(BatchOutput output, Instant startedAt) {
    List<BatchPart.Summary> summaries = output.summaries();
    Step.past("parse", startedAt, startedAt.plus(parse(startedAt, summaries)));
    return summaries;
  }

  /** Returns the time until the first task began to store events: until then they are parsed. */
  private static Duration parse(Instant startedAt, List<BatchPart.Summary> summaries) {
    long parsedAtMillis =
        summaries.stream()
            .mapToLong(BatchPart.Summary::startedAtMillis)
            .min()
            .orElse(startedAt.toEpochMilli());
    return Duration.ofMillis(Math.max(0, parsedAtMillis - startedAt.toEpochMilli()));
  }

  private BatchReport report(
      Instant startedAt,
      long waiting,
      List<BatchPart.Summary> summaries,
      Map<String, Long> deadLetters) {
    Histogram latencyMs = new Histogram(3);
    Histogram lateMs = new Histogram(3);
    long firstStoredAtMillis = Long.MAX_VALUE;
    long records = 0;
    long skipped = 0;
    long stored = 0;
    long duplicates = 0;
    long ofForgottenUsers = 0;
    for (BatchPart.Summary summary : summaries) {
      latencyMs.add(summary.latencyMs());
      lateMs.add(summary.lateMs());
      if (summary.firstStoredAtMillis() != null) {
        firstStoredAtMillis = Math.min(firstStoredAtMillis, summary.firstStoredAtMillis());
      }
      records += summary.records();
      skipped += summary.skipped();
      stored += summary.stored();
      duplicates += summary.duplicates();
      ofForgottenUsers += summary.ofForgottenUsers();
    }
    Duration all = Duration.between(startedAt, Instant.now());
    Duration parse = parse(startedAt, summaries);
    Duration embed = Duration.ofNanos(embedNanos.value() / tasks);
    return new BatchReport(
        batch.number(),
        startedAt,
        all,
        records,
        stored,
        duplicates,
        skipped,
        ofForgottenUsers,
        deadLetters,
        waiting,
        textsLeft.value(),
        new BatchReport.Phases(parse, embed, all.minus(parse).minus(embed)),
        latencyMs,
        lateMs,
        firstStoredAtMillis == Long.MAX_VALUE ? null : Instant.ofEpochMilli(firstStoredAtMillis));
  }
}
