package io.vectorstream.event;

import io.vectorstream.event.DeadLetterSurvey.Count;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a replay would send, if it began now.
 *
 * @param matching dead letters that match, whether they are due or not
 * @param total of these, those that are due: not replayed before, or all if again is asked for
 * @param byReason those that are due, by the code of their reason
 * @param byTopic those that are due, by the topic that they came from; the empty name where they do
 *     not say
 */
public record ReplayPlan(
    long matching, long total, SortedMap<String, Long> byReason, SortedMap<String, Long> byTopic) {

  /**
   * @param again whether those are due as well that were replayed before
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
   * Another topic than this that some came from. A record of another topic is no event of this one,
   * unless somebody says that it is.
   */
  public Optional<Map.Entry<String, Long>> foreign(String topic) {
    return byTopic.entrySet().stream().filter(entry -> !entry.getKey().equals(topic)).findFirst();
  }
}
