package io.vectorstream.stream;

import com.google.common.collect.Iterators;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.ReadRows;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.UserDelta;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
 * are added there.
 */
final class BatchOutput {

  /** A kind of result. All summaries are in one partition; others have one a task. */
  private enum Kind {
    SUMMARY,
    DEAD_LETTERS,
    PRODUCT,
    USER
  }

  /**
   * @param id the product, the user; of other kinds whatever makes it unique
   */
  private record Key(Kind kind, String id) implements Serializable {}

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

    @Override
    public int getPartition(Object of) {
      Key key = (Key) of;
      return key.kind() == Kind.SUMMARY
          ? 0
          : first(key.kind()) + Math.floorMod(key.id().hashCode(), tasks);
    }
  }

  private final ByKind partitions;
  private final JavaPairRDD<Key, Object> results;

  /**
   * @param tasks how many tasks share the next steps
   */
  BatchOutput(JavaRDD<BatchPart> parts, int tasks) {
    ReadRows.readBefore(parts.context(), false);
    this.partitions = new ByKind(tasks);
    // Each task has added up its own, so there is nothing to combine before the shuffle.
    this.results =
        parts
            .mapPartitionsToPair(BatchOutput::keyed)
            .combineByKey(
                result -> result, BatchOutput::add, BatchOutput::add, partitions, false, null);
  }

  private static Iterator<Tuple2<Key, Object>> keyed(Iterator<BatchPart> parts) {
    int task = TaskContext.getPartitionId();
    AtomicInteger number = new AtomicInteger();
    return Iterators.concat(
        Iterators.transform(parts, part -> keyed(part, task + "/" + number.getAndIncrement())));
  }

  private static Iterator<Tuple2<Key, Object>> keyed(BatchPart part, String id) {
    return Iterators.concat(
        Iterators.transform(
            part.summary() == null
                ? Iterators.<BatchPart.Summary>forArray()
                : Iterators.singletonIterator(part.summary()),
            summary -> new Tuple2<>(new Key(Kind.SUMMARY, id), summary)),
        Iterators.transform(
            part.deadLetters().isEmpty()
                ? Iterators.<List<DeadLetter>>forArray()
                : Iterators.singletonIterator(part.deadLetters()),
            letters -> new Tuple2<>(new Key(Kind.DEAD_LETTERS, id), letters)),
        Iterators.transform(
            part.products().iterator(),
            delta -> new Tuple2<>(new Key(Kind.PRODUCT, delta.productId()), delta)),
        Iterators.transform(
            part.users().iterator(),
            delta -> new Tuple2<>(new Key(Kind.USER, delta.userId()), delta)));
  }

  private static Object add(Object left, Object right) {
    if (left instanceof ProductDelta product) {
      return product.add((ProductDelta) right);
    }
    return ((UserDelta) left).add((UserDelta) right);
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
    return of(Kind.PRODUCT);
  }

  /** Returns the changes that the batch makes to each user. */
  JavaRDD<UserDelta> users() {
    return of(Kind.USER);
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
