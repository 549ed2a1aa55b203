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
 * The result of one look at all dead letters: counts of the letters that match a filter.
 *
 * @param all in the topic, whether they match or not
 * @param matching dead letters that match
 * @param byReason the matching ones by the code of their reason
 * @param byTopic the matching ones by the topic of their record; the empty name where it is not
 *     known
 * @param newest the places of the newest matching ones by {@code failed_at}, the newest first
 */
public record DeadLetterSurvey(
    long all,
    Count matching,
    SortedMap<String, Count> byReason,
    SortedMap<String, Count> byTopic,
    List<Found> newest) {

  /**
   * @param replayed dead letters that were replayed at least once
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
   * The place of a dead letter.
   *
   * @param bytes of its key and value
   */
  public record Found(DeadLetterId id, Instant failedAt, long bytes) {}

  /**
   * Reads the topic once.
   *
   * @param newest how many of the newest dead letters to find
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

  /** A survey in progress, to which letters are added one by one. */
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
