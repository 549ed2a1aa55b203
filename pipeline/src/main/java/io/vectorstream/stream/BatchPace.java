package io.vectorstream.stream;

import io.vectorstream.store.BegunBatch.OffsetRange;
import java.time.Duration;
import java.util.List;

/**
 * The number of events for the next batch, chosen so that the batch takes no longer than it should:
 * the duration of the last batch, scaled. It shrinks at once, and grows by a limited factor,
 * because the first events of a batch cost more than the later ones.
 */
final class BatchPace {

  /** The number of events before any measurement: some seconds of work for a cold JVM. */
  static final long FIRST = 50_000;

  static final long SMALLEST = 100;
  private static final int GROWTH = 4;

  /** The margin for texts: one part may have more than the part before. */
  private static final double MARGIN = 1.2;

  /** The factor by which the limit grows after each part, because a burst of new products ends. */
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

  /** Returns the number of events that the next batch, or part of one, may take. */
  synchronized long limit() {
    return Math.max(
        Math.min(SMALLEST, largest),
        Math.min(limit, (long) (TooManyTextsException.MOST / textsPerEvent)));
  }

  /** Records that a part had too many different texts. */
  synchronized void holds(long events, long texts) {
    textsPerEvent = MARGIN * texts / events;
  }

  /** Records the events and the duration of a batch. */
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

  /** Records the offsets of the batch that Spark is about to run, by partition. */
  synchronized void plans(List<OffsetRange> ranges) {
    plan = List.copyOf(ranges);
  }

  /** Returns the offsets that {@link #plans} recorded last. */
  synchronized List<OffsetRange> plan() {
    return plan;
  }

  /** Records the number of events that the batch being planned leaves in Kafka. */
  synchronized void leaves(long events) {
    waiting = events;
  }

  /** Returns the number of events that the latest batch left in Kafka. */
  synchronized long waiting() {
    return waiting;
  }
}
