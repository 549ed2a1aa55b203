package io.vectorstream.stream;

import com.google.common.collect.Iterators;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.ReadRows;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.UserDelta;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Function1;
import scala.Tuple2;

/**
 * The results of all tasks of a batch that store events, brought to where the next steps need them
 * by one shuffle: Spark stores events when the summaries are read, and whatever is read after them
 * comes out of the shuffle's files. The deltas of one product, or of one user, come to one task and
 * are added there, in memory: they are about as many as one task has made.
 */
final class BatchOutput {

  /** A kind of result. All summaries are in one partition; others have one a task. */
  private enum Kind {
    SUMMARY,
    DEAD_LETTERS,
    PRODUCT,
    USER
  }

  private static final class ByKind extends Partitioner {

    private final int tasks;

    ByKind(int tasks) {
      this.tasks = tasks;
    }

    @Override
    public int numPartitions() {
      return first(Kind.USER) + tasks;
    }

    /** Returns the first partition of a kind. */
    int first(Kind kind) {
      return kind == Kind.SUMMARY ? 0 : 1 + (kind.ordinal() - 1) * tasks;
    }

    boolean has(Kind kind, int partition) {
      int next = kind == Kind.SUMMARY ? 1 : first(kind) + tasks;
      return partition >= first(kind) && partition < next;
    }

    /**
     * Returns the partition of a result.
     *
     * @param hash the same for what is to come to one task
     */
    int of(Kind kind, int hash) {
      return kind == Kind.SUMMARY ? 0 : first(kind) + Math.floorMod(hash, tasks);
    }

    @Override
    public int getPartition(Object partition) {
      return (Integer) partition;
    }
  }

  private final ByKind partitions;

  /** The results by their partitions. */
  private final JavaPairRDD<Integer, Object> results;

  /**
   * @param tasks how many tasks share the next steps
   */
  BatchOutput(JavaRDD<BatchPart> parts, int tasks) {
    ReadRows.readBefore(parts.context(), false);
    ByKind partitions = new ByKind(tasks);
    this.partitions = partitions;
    // Spark could add up what belongs together, but would estimate its size again and again.
    this.results =
        parts
            .mapPartitionsToPair(
                some -> Iterators.concat(Iterators.transform(some, part -> of(part, partitions))))
            .partitionBy(partitions);
  }

  private static Iterator<Tuple2<Integer, Object>> of(BatchPart part, ByKind partitions) {
    int task = TaskContext.getPartitionId();
    return Stream.of(
            Stream.ofNullable(part.summary())
                .map(summary -> result(partitions.of(Kind.SUMMARY, task), summary)),
            Stream.of(part.deadLetters())
                .filter(letters -> !letters.isEmpty())
                .map(letters -> result(partitions.of(Kind.DEAD_LETTERS, task), letters)),
            part.products().stream()
                .map(
                    delta ->
                        result(partitions.of(Kind.PRODUCT, delta.productId().hashCode()), delta)),
            part.users().stream()
                .map(delta -> result(partitions.of(Kind.USER, delta.userId().hashCode()), delta)))
        .flatMap(results -> results)
        .iterator();
  }

  private static Tuple2<Integer, Object> result(int partition, Object result) {
    return new Tuple2<>(partition, result);
  }

  private static <T> Iterator<T> added(
      Iterator<T> deltas, Function<T, String> id, BinaryOperator<T> add) {
    Map<String, T> sums = new HashMap<>();
    deltas.forEachRemaining(delta -> sums.merge(id.apply(delta), delta, add));
    return sums.values().iterator();
  }

  /** Stores the events; what the other methods return is known then. */
  List<BatchPart.Summary> summaries() {
    List<BatchPart.Summary> summaries = this.<BatchPart.Summary>of(Kind.SUMMARY).collect();
    ReadRows.readBefore(results.context(), true);
    return summaries;
  }

  /** Returns the dead letters, in no order. */
  JavaRDD<DeadLetter> deadLetters() {
    return this.<List<DeadLetter>>of(Kind.DEAD_LETTERS).flatMap(List::iterator);
  }

  /** Returns the changes that the batch makes to each product. */
  JavaRDD<ProductDelta> products() {
    return this.<ProductDelta>of(Kind.PRODUCT)
        .mapPartitions(deltas -> added(deltas, ProductDelta::productId, ProductDelta::add));
  }

  /** Returns the changes that the batch makes to each user. */
  JavaRDD<UserDelta> users() {
    return this.<UserDelta>of(Kind.USER)
        .mapPartitions(deltas -> added(deltas, UserDelta::userId, UserDelta::add));
  }

  @SuppressWarnings("unchecked")
  private <T> JavaRDD<T> of(Kind kind) {
    ByKind all = partitions;
    Function1<Object, Object> wanted =
        (Function1<Object, Object> & Serializable) partition -> all.has(kind, (Integer) partition);
    return JavaPairRDD.fromRDD(
            PartitionPruningRDD.create(results.rdd(), wanted),
            results.kClassTag(),
            results.vClassTag())
        .map(result -> (T) result._2());
  }
}
