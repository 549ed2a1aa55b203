package io.vectorstream.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * The report of one committed micro-batch.
 *
 * @param id the batch's number in its query, from 0
 * @param startedAt when its trigger fired
 * @param duration from the trigger to the commit
 * @param records records read from Kafka: {@code stored + duplicates + skipped + deadLettered()},
 *     unless a mapping makes several events of a record
 * @param stored events stored for the first time
 * @param duplicates events that were there already, from this batch or an earlier one
 * @param skipped records that a mapping leaves out on purpose
 * @param ofForgottenUsers events stored without their user, who is forgotten; of those stored
 * @param deadLetters records sent to the dead-letter topic, by the reason's code
 * @param waiting records that it left in Kafka for the next batches
 * @param pendingTexts new texts that it had no time to embed, and left for the time between batches
 * @param latencyMs each stored event's time from its own timestamp to the store's acknowledgement,
 *     in milliseconds
 * @param lateMs of these, those of events that came to Kafka long after their own timestamp
 * @param firstStoredAt when the store acknowledged the first of the events; null when it stored
 *     none
 */
public record BatchReport(
    long id,
    Instant startedAt,
    Duration duration,
    long records,
    long stored,
    long duplicates,
    long skipped,
    long ofForgottenUsers,
    Map<String, Long> deadLetters,
    long waiting,
    long pendingTexts,
    Phases phases,
    Histogram latencyMs,
    Histogram lateMs,
    Instant firstStoredAt) {

  /** Returns the report of a batch whose work was done before. */
  public static BatchReport nothing(long id, Instant at, long waiting) {
    return new BatchReport(
        id,
        at,
        Duration.ZERO,
        0,
        0,
        0,
        0,
        0,
        Map.of(),
        waiting,
        0,
        new Phases(Duration.ZERO, Duration.ZERO, Duration.ZERO),
        new Histogram(3),
        new Histogram(3),
        null);
  }

  /** Returns one report of this part of a batch and the part that followed it. */
  public BatchReport plus(BatchReport next) {
    Map<String, Long> letters = new TreeMap<>(deadLetters);
    next.deadLetters.forEach((reason, count) -> letters.merge(reason, count, Long::sum));
    return new BatchReport(
        id,
        startedAt,
        duration.plus(next.duration),
        records + next.records,
        stored + next.stored,
        duplicates + next.duplicates,
        skipped + next.skipped,
        ofForgottenUsers + next.ofForgottenUsers,
        letters,
        next.waiting,
        pendingTexts + next.pendingTexts,
        phases.plus(next.phases),
        sum(latencyMs, next.latencyMs),
        sum(lateMs, next.lateMs),
        firstStoredAt == null ? next.firstStoredAt : firstStoredAt);
  }

  private static Histogram sum(Histogram one, Histogram other) {
    Histogram sum = one.copy();
    sum.add(other);
    return sum;
  }

  public Instant endedAt() {
    return startedAt.plus(duration);
  }

  /** Returns the number of all records sent to the dead-letter topic. */
  public long deadLettered() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The time of a batch by phase, as shares of its wall clock that add up to about {@link
   * #duration()}.
   *
   * @param parse reading from Kafka, parsing, validating and routing
   * @param embed computing embeddings
   * @param store looking up, merging and writing points, and waiting for the store
   */
  public record Phases(Duration parse, Duration embed, Duration store) {

    Phases plus(Phases other) {
      return new Phases(parse.plus(other.parse), embed.plus(other.embed), store.plus(other.store));
    }
  }
}
