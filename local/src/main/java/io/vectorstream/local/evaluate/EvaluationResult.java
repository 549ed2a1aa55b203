package io.vectorstream.local.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vectorstream.local.run.Machine;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The result of the evaluation, and its conditions.
 *
 * @param periodDays the time that the shop's events are spread over
 * @param events in all, and how many of them were learnt from
 * @param usersAsked users with something to be found in their last session
 * @param relevantPerUser products to be found, on average
 * @param listLength products in each recommendation
 */
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
    List<Line> lines) {

  /**
   * One contender.
   *
   * @param variant the settings that it was tried with; null for one that has none
   * @param hitRate of users, those whose list contained a relevant product
   * @param newHitRate the same, with only those products relevant that the user had done nothing
   *     with before
   * @param coverage of the catalogue, the share that was recommended to any user
   * @param hitRateOverPopularity the difference from popularity, user by user; null for itself
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
      Estimate ndcgOverPopularity) {}

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
