package io.vectorstream.stream;

import io.vectorstream.store.BegunBatch.OffsetRange;
import java.time.Duration;
import java.util.List;

/**
 * How many events the next batch takes, so that it is done within the time for one: what the last
 * batch took, scaled. It shrinks at once, and grows by a factor at a time, because the first events
 * of a batch cost more than the later ones.
 */
final class BatchPace {

  /** Before anything is known: what a JVM that is still cold does in some seconds. */
  static final long FIRST = 50_000;

  static final long SMALLEST = 100;
  private static final int GROWTH = 4;

  /** The texts of one part are not those of the next. */
  private static final double MARGIN = 1.2;

  /** A flood of new products ends: after each part a little more is tried. */
  private static final double FORGETTING = 1.02;

  private final long budgetMillis;
  private final long largest;
  private long limit;
  private double textsPerEvent = Double.MIN_NORMAL;
  private long waiting;
  private List<OffsetRange> plan = List.of();

  /**
   * @param budget how long a batch should take at most
   * @param largest events in a batch, however fast it would be
   */
  BatchPace(Duration budget, long largest) {
    this.budgetMillis = budget.toMillis();
    this.largest = largest;
    this.limit = Math.min(FIRST, largest);
  }

  /** Events that the next batch, or part of one, may take. */
  synchronized long limit() {
    return Math.max(
        Math.min(SMALLEST, largest),
        Math.min(limit, (long) (TooManyTextsException.MOST / textsPerEvent)));
  }

  /** Learns that a part had too many different texts. */
  synchronized void holds(long events, long texts) {
    textsPerEvent = MARGIN * texts / events;
  }

  /** Learns from a batch. */
  synchronized void took(long events, Duration duration) {
    long millis = Math.max(1, duration.toMillis());
    if (events == 0) {
      return;
    }
    textsPerEvent /= FORGETTING;
    double fits = (double) events * budgetMillis / millis;
    double next =
        millis > budgetMillis
            ? Math.min(limit, fits)
            : Math.max(limit, Math.min(fits, limit * (double) GROWTH));
    limit = Math.round(Math.max(Math.min(SMALLEST, largest), Math.min(next, largest)));
  }

  /** What the batch reads that Spark is about to run, by partition. */
  synchronized void plans(List<OffsetRange> ranges) {
    plan = List.copyOf(ranges);
  }

  /** What {@link #plans} was told last. */
  synchronized List<OffsetRange> plan() {
    return plan;
  }

  /** Events that the batch being planned leaves in Kafka. */
  synchronized void leaves(long events) {
    waiting = events;
  }

  /** Events that the latest batch left in Kafka. */
  synchronized long waiting() {
    return waiting;
  }
}
