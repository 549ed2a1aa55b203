package io.vectorstream.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What one look at all dead letters tells of those that a filter lets through.
 *
 * @param all in the topic, whether they match or not
 * @param matching those that match
 * @param byReason the same by the code of their reason
 * @param byTopic the same by the topic that they came from; the empty name where they do not say
 * @param newest where the newest of them lie, by {@code failed_at}, the newest first
 */
public record DeadLetterSurvey(
    long all,
    Count matching,
    SortedMap<String, Count> byReason,
    SortedMap<String, Count> byTopic,
    List<Found> newest) {

  /**
   * @param replayed those that were replayed at least once
   */
  public record Count(long all, long replayed) {
    private static final Count NONE = new Count(0, 0);

    public long notReplayed() {
      return all - replayed;
    }

    private Count plus(boolean isReplayed) {
      return new Count(all + 1, isReplayed ? replayed + 1 : replayed);
    }
  }

  /**
   * Where a dead letter lies.
   *
   * @param bytes of its key and value
   */
  public record Found(DeadLetterId id, Instant failedAt, long bytes) {}

  /**
   * Reads the topic once.
   *
   * @param newest how many of the newest to find
   */
  public static DeadLetterSurvey of(DeadLetterTopic topic, DeadLetterFilter filter, int newest) {
    Counting counting = new Counting(filter, newest);
    topic.read(
        DeadLetterFilter.ALL,
        letter -> {
          counting.add(letter, letter.bytes(), topic.replayedAt(letter.id()).isPresent());
          return true;
        });
    return counting.result();
  }

  /** A look that goes on: letter after letter. */
  static final class Counting {
    private static final Comparator<Found> BY_TIME =
        Comparator.comparing(Found::failedAt).thenComparing(Found::id);

    private final DeadLetterFilter filter;
    private final int newest;
    private final PriorityQueue<Found> latest = new PriorityQueue<>(BY_TIME);
    private final SortedMap<String, Count> byReason = new TreeMap<>();
    private final SortedMap<String, Count> byTopic = new TreeMap<>();
    private long all;
    private Count matching = Count.NONE;

    Counting(DeadLetterFilter filter, int newest) {
      this.filter = filter;
      this.newest = newest;
    }

    /**
     * @param bytes of its key and value
     */
    void add(StoredDeadLetter letter, long bytes, boolean isReplayed) {
      all++;
      if (!filter.matches(letter)) {
        return;
      }
      UnaryOperator<Count> plus = count -> count.plus(isReplayed);
      matching = plus.apply(matching);
      byReason.merge(letter.reason(), plus.apply(Count.NONE), (sum, one) -> plus.apply(sum));
      byTopic.merge(
          letter.topic() == null ? "" : letter.topic(),
          plus.apply(Count.NONE),
          (sum, one) -> plus.apply(sum));
      latest.add(new Found(letter.id(), letter.failedAt(), bytes));
      if (latest.size() > newest) {
        latest.remove();
      }
    }

    DeadLetterSurvey result() {
      List<Found> found = new ArrayList<>(latest);
      found.sort(BY_TIME.reversed());
      return new DeadLetterSurvey(all, matching, byReason, byTopic, List.copyOf(found));
    }
  }
}
