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
  public record Found(DeadLetterId id, Instant failedAt, long bytes) {
    private static Found of(StoredDeadLetter letter) {
      return new Found(
          letter.id(), letter.failedAt(), length(letter.key()) + length(letter.value()));
    }

    private static long length(byte[] bytes) {
      return bytes == null ? 0 : bytes.length;
    }
  }

  /**
   * Reads the topic once.
   *
   * @param newest how many of the newest to find
   */
  public static DeadLetterSurvey of(DeadLetterTopic topic, DeadLetterFilter filter, int newest) {
    Comparator<Found> byTime = Comparator.comparing(Found::failedAt).thenComparing(Found::id);
    PriorityQueue<Found> latest = new PriorityQueue<>(byTime);
    SortedMap<String, Count> byReason = new TreeMap<>();
    SortedMap<String, Count> byTopic = new TreeMap<>();
    long[] all = {0};
    Count[] matching = {Count.NONE};
    topic.read(
        DeadLetterFilter.ALL,
        letter -> {
          all[0]++;
          if (filter.matches(letter)) {
            boolean isReplayed = topic.replayedAt(letter.id()).isPresent();
            UnaryOperator<Count> plus = count -> count.plus(isReplayed);
            matching[0] = plus.apply(matching[0]);
            byReason.merge(letter.reason(), plus.apply(Count.NONE), (sum, one) -> plus.apply(sum));
            byTopic.merge(
                letter.topic() == null ? "" : letter.topic(),
                plus.apply(Count.NONE),
                (sum, one) -> plus.apply(sum));
            latest.add(Found.of(letter));
            if (latest.size() > newest) {
              latest.remove();
            }
          }
          return true;
        });
    List<Found> found = new ArrayList<>(latest);
    found.sort(byTime.reversed());
    return new DeadLetterSurvey(all[0], matching[0], byReason, byTopic, List.copyOf(found));
  }
}
