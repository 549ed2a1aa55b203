package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The quality of recommendations, beside popularity and chance.
 *
 * @param embedding what computed the embeddings, in words
 * @param periodDays the time that the shop's events are spread over
 * @param events in all, and how many of them were learnt from
 * @param catalog the name of the catalogue, or of the files with the events
 * @param usersAsked users with something to be found among the events held out
 * @param relevantPerUser products to be found, on average
 * @param listLength products in each recommendation
 * @param simulated whether the shoppers were made up; null in earlier files, where they were
 * @param heldOut which events were held out, in words; null in earlier files: the last session
 * @param seenAgain whether products counted that a user had seen, but not bought; null in earlier
 *     files, where they did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationResult(
    int schema,
    Machine machine,
    String embedding,
    String catalog,
    int products,
    int users,
    int sessionsPerUser,
    double periodDays,
    long seed,
    int events,
    int eventsLearntFrom,
    int usersAsked,
    double relevantPerUser,
    int listLength,
    List<Line> lines,
    Boolean simulated,
    String heldOut,
    Boolean seenAgain)
    implements Result {

  public EvaluationResult {
    lines = Lists.of(lines);
  }

  /**
   * One way to recommend.
   *
   * @param variant the settings that it was tried with; null for one that has none
   * @param hitRate of users, those whose list held anything relevant
   * @param newHitRate the same, with only those products relevant that the user had done nothing
   *     with before; null where that is what the hit rate says
   * @param coverage of the catalogue, the share that was recommended to anybody
   * @param hitRateOverPopularity the difference from popularity, user by user; null for itself
   * @param reciprocalRank one by the rank of the first relevant product, 0 without one
   * @param novelty of the lists in bits: the mean of -log2 of the share of users who know a product
   * @param hitRateOverNeighbours the difference from item-kNN, user by user; null for itself
   * @param byKind by kinds of users; null in earlier files
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Line(
      String name,
      Variant variant,
      Estimate hitRate,
      Estimate ndcg,
      Estimate newHitRate,
      double coverage,
      Estimate hitRateOverPopularity,
      Estimate ndcgOverPopularity,
      Estimate reciprocalRank,
      Estimate novelty,
      Estimate hitRateOverNeighbours,
      Estimate ndcgOverNeighbours,
      List<OfKind> byKind) {

    /**
     * Names the line with its settings: {@code personal (half-life 168.0 h, weights 5:3:2:1:1:-2,
     * popularity 0.05, diversity 0.3)}.
     */
    public String inWords() {
      return variant == null
          ? name
          : "%s (half-life %s h, weights %s, popularity %s, diversity %s%s)"
              .formatted(
                  name,
                  variant.halfLifeHours(),
                  variant.weightsInOrder(),
                  variant.popularity(),
                  variant.diversity(),
                  variant.pairs() == null ? "" : ", pairs " + variant.pairs());
    }
  }

  /**
   * The same for one kind of users.
   *
   * @param kind in words: {@code few, 1 to 19 events}
   * @param users that were asked
   */
  public record OfKind(String kind, int users, Estimate hitRate, Estimate ndcg) {}

  /**
   * Settings of the recommendations.
   *
   * @param weightsInOrder as the command line takes them; null where the file has none
   * @param pairs the weight of products that the same users turned to; null in earlier files
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Variant(
      Double popularity,
      Double diversity,
      Double halfLifeHours,
      String weightsInOrder,
      Double pairs) {}

  /**
   * A mean over users, with its confidence interval.
   *
   * @param margin half the width of the 95 % confidence interval: 1.96 standard errors of the mean
   */
  public record Estimate(double mean, double margin) {}

  @Override
  public ResultKind kind() {
    return ResultKind.EVALUATION;
  }

  @Override
  public Optional<Machine> measuredOn() {
    return Optional.of(machine);
  }

  @Override
  public Optional<Instant> measuredAt() {
    return Optional.empty();
  }

  @Override
  public Map<String, String> software() {
    return Map.of();
  }
}
