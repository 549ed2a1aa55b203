package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vectorstream.reports.result.SearchLoadResult.Latency;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches while the load was on, at one rate after another.
 *
 * @param products in the store
 * @param p99TargetMs the most that the 99th percentile was to be; null where nothing was asked
 * @param targetUpTo the highest rate of which that was asked; null: of all
 * @param recallTarget the least recall; null where nothing was asked
 * @param steps the rates, in the order in which they were tried
 * @param recall of each kind of which it was measured
 * @param recallProblem why the recall could not be measured; null where it was, or was not asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Searches(
    long products,
    Double p99TargetMs,
    Double targetUpTo,
    Double recallTarget,
    List<Step> steps,
    List<Recall> recall,
    String recallProblem) {

  public Searches {
    steps = Lists.of(steps);
    recall = Lists.of(recall);
  }

  /**
   * @param asked searches per second
   * @param seconds for which they were sent
   * @param all of all kinds together
   * @param kinds by kind, such as {@code text}
   */
  public record Step(double asked, double seconds, Figures all, Map<String, Figures> kinds) {
    public Step {
      kinds = kinds == null ? Map.of() : kinds;
    }
  }

  /**
   * @param searches that were sent
   * @param answeredPerSecond without those that failed; less than was asked where answers came
   *     later than searches
   * @param failed those that were answered with an error, or not at all
   * @param withoutResult those that found nothing
   * @param failures the failed ones by their reason
   * @param latencyMs from when a search was due to its answer; those that failed have none
   */
  public record Figures(
      long searches,
      double answeredPerSecond,
      long failed,
      long withoutResult,
      Map<String, Long> failures,
      Latency latencyMs) {
    public Figures {
      failures = failures == null ? Map.of() : failures;
    }

    /** Gives the number of those that did not fail, whether they found something or not. */
    public long answered() {
      return searches - failed;
    }
  }

  /**
   * The share of the really nearest products that a search finds.
   *
   * @param kind of search
   * @param searches that were compared with an exact search
   * @param neighbours wanted by each
   * @param recall 0 to 1
   */
  public record Recall(String kind, int searches, int neighbours, double recall) {}

  /** Says whether a step is among those of which the targets were asked. */
  public boolean isJudged(Step step) {
    return targetUpTo == null || step.asked() <= targetUpTo;
  }

  /** Gives the recall of the kind where it is lowest; empty where none was measured. */
  public Optional<Recall> lowestRecall() {
    return recall.stream().min((a, b) -> Double.compare(a.recall(), b.recall()));
  }
}
