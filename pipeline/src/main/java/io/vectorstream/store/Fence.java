package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.io.Serializable;
import java.util.Map;

/**
 * The place of a writer in the order of all writers of sums. Each product, user and minute carries
 * the number of the fence under which it was written last, and the server applies a write only
 * where that number is not larger than the writer's own. So two late writes change nothing that a
 * later writer has written: the write of a process that was paused between reading a sum and
 * writing it, and a call that the server executes long after its caller has given it up. (M.
 * Kleppmann: How to do distributed locking, 2016, calls such a number a fencing token.)
 *
 * <p>The number has three parts, the most significant first: the epoch of the pipeline ({@link
 * Ledger}), the turn (a try of a batch, or a step between batches), and the attempt of a Spark
 * task. It stays below 2^53, because Qdrant compares numbers as doubles.
 *
 * @param number larger for later writers
 */
public record Fence(long number) implements Serializable {

  /** The field of a point that holds the number. */
  static final String FIELD = "fence";

  /** The fence below all others: for a store that has no other writer. */
  public static final Fence NONE = new Fence(0);

  /** The fence of a process that only reads, and that no other process replaces. */
  public static final Fence READER = new Fence(Long.MAX_VALUE);

  /** The fence above those of all writers: no writer replaces a point that carries it. */
  static final Fence FOR_EVER = new Fence(1L << 53);

  private static final int TURN_BITS = 25;
  private static final int STAGE_BITS = 6;
  private static final int TASK_BITS = 4;
  private static final int ATTEMPT_BITS = STAGE_BITS + TASK_BITS;
  private static final int EPOCH_BITS = 53 - TURN_BITS - ATTEMPT_BITS;

  /** The number of turns in an epoch. */
  static final long TURNS = 1L << TURN_BITS;

  /** The first epoch that no longer fits. */
  private static final long EPOCHS = 1L << EPOCH_BITS;

  /**
   * @param epoch from 1
   * @param turn from 0, below {@link #TURNS}
   */
  static Fence of(long epoch, long turn) {
    if (epoch < 1 || epoch >= EPOCHS || turn < 0 || turn >= TURNS) {
      throw new IllegalArgumentException("epoch %d, turn %d".formatted(epoch, turn));
    }
    return new Fence((epoch << TURN_BITS | turn) << ATTEMPT_BITS);
  }

  /** Returns the epoch in a fence's number; 0 for {@link #NONE}. */
  long epoch() {
    return number >> TURN_BITS + ATTEMPT_BITS;
  }

  /**
   * Returns the fence of the same turn for one attempt of a Spark task, above those of all earlier
   * attempts.
   *
   * @param stage how often the task's stage was submitted before
   * @param task how often the task was tried before, since then
   */
  public Fence attempt(int stage, int task) {
    if (stage >= 1 << STAGE_BITS || task >= 1 << TASK_BITS) {
      throw new StoreException(
          "a task of Spark is at try %d of its stage's try %d; expected at most %d and %d (spark.task.maxFailures, spark.stage.maxConsecutiveAttempts)"
              .formatted(task + 1, stage + 1, 1 << TASK_BITS, 1 << STAGE_BITS),
          true,
          null);
    }
    return new Fence(number | (long) stage << TASK_BITS | task);
  }

  /** Returns the condition for points that this writer may replace, also without a number. */
  Filter admits() {
    return Filter.newBuilder()
        .addMustNot(ConditionFactory.range(FIELD, Range.newBuilder().setGt(number).build()))
        .build();
  }

  Value value() {
    return Payload.integer(number);
  }

  /** Returns the number that a point carries; 0 if none. */
  static long of(Map<String, Value> payload) {
    Value number = payload.get(FIELD);
    return number == null ? 0 : number.getIntegerValue();
  }

  /**
   * Checks a point that was read in order to be changed and written back.
   *
   * @throws FencedException if a later writer has written it: that writer has replaced this one
   */
  void requireAdmits(Map<String, Value> payload, String collection) {
    long stored = of(payload);
    if (stored > number) {
      throw new FencedException(
          "collection '%s' holds points of a later writer (%s %d, this one has %d): another pipeline has taken over, or the collection of the pipeline's state was put back older than the others; stop the other pipeline, or put all collections back of the same time"
              .formatted(collection, FIELD, stored, number));
    }
  }
}
