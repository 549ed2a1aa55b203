package io.vectorstream.event;

import io.vectorstream.event.DeadLetterSurvey.Count;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The records that a replay would send if it began now.
 *
 * @param matching dead letters that match, whether they are due or not
 * @param total matching dead letters that are due: not replayed before, or all if again is asked
 *     for
 * @param byReason the due ones by the code of their reason
 * @param byTopic the due ones by the topic that they came from; the empty name where it is not
 *     known
 */
public record ReplayPlan(
    long matching, long total, SortedMap<String, Long> byReason, SortedMap<String, Long> byTopic) {

  /**
   * @param again whether dead letters that were replayed before are due as well
   */
  public static ReplayPlan of(DeadLetterSurvey survey, boolean again) {
    return new ReplayPlan(
        survey.matching().all(),
        due(survey.matching(), again),
        due(survey.byReason(), again),
        due(survey.byTopic(), again));
  }

  private static long due(Count count, boolean again) {
    return again ? count.all() : count.notReplayed();
  }

  private static SortedMap<String, Long> due(Map<String, Count> counts, boolean again) {
    return counts.entrySet().stream()
        .filter(entry -> due(entry.getValue(), again) > 0)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> due(entry.getValue(), again), Long::sum, TreeMap::new));
  }

  /**
   * Returns another topic than these that some records came from. A record of another topic is
   * nothing that one of these takes, unless the user says that it is.
   */
  public Optional<Map.Entry<String, Long>> foreign(Set<String> topics) {
    return byTopic.entrySet().stream()
        .filter(entry -> !topics.contains(entry.getKey()))
        .findFirst();
  }
}
