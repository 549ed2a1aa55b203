package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The quality of recommendations, beside popularity and chance.
 *
 * @param embedding the engine of the embeddings, as text
 * @param listLength products in each recommendation
 */
public record Evaluation(
    int schema,
    Machine machine,
    String embedding,
    String catalog,
    int products,
    int users,
    long seed,
    int events,
    int usersAsked,
    int listLength,
    List<Line> lines)
    implements Result {

  public Evaluation {
    lines = Lists.of(lines);
  }

  /**
   * @param variant the settings that it was tried with; null for one that has none
   * @param coverage of the catalogue, the share that was recommended to any user
   */
  public record Line(
      String name,
      Map<String, Object> variant,
      Estimate hitRate,
      Estimate ndcg,
      Estimate newHitRate,
      double coverage) {

    /** Returns {@code personal (half-life 168.0 h, popularity 0.05, diversity 0.3)}. */
    public String inWords() {
      return variant == null
          ? name
          : "%s (half-life %s h, weights %s, popularity %s, diversity %s)"
              .formatted(
                  name,
                  variant.get("half_life_hours"),
                  variant.get("weights_in_order"),
                  variant.get("popularity"),
                  variant.get("diversity"));
    }
  }

  /**
   * @param margin half the width of the 95 % confidence interval
   */
  public record Estimate(double mean, double margin) {}

  @Override
  public Kind kind() {
    return Kind.EVALUATION;
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
