package io.vectorstream.local.evaluate;

import io.vectorstream.config.Settings;
import io.vectorstream.reports.result.EvaluationResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings to try: of interests, and of recommendations by them. */
public record Variant(
    Duration halfLife, Settings.Weights weights, double popularity, double diversity) {

  /** Returns every combination. */
  public static List<Variant> all(
      List<Duration> halfLives,
      List<Settings.Weights> weights,
      List<Double> popularities,
      List<Double> diversities) {
    return halfLives.stream()
        .flatMap(
            halfLife ->
                weights.stream()
                    .flatMap(
                        some ->
                            popularities.stream()
                                .flatMap(
                                    popularity ->
                                        diversities.stream()
                                            .map(
                                                diversity ->
                                                    new Variant(
                                                        halfLife, some, popularity, diversity)))))
        .toList();
  }

  /** Returns the given settings with this variant's half-life and weights. */
  Settings.Interest interest(Settings.Interest given) {
    return new Settings.Interest(
        halfLife, weights, given.lastProducts(), given.textsPerProduct(), given.pendingTexts());
  }

  Settings.Recommend recommend() {
    return new Settings.Recommend(diversity, popularity);
  }

  /** Returns the same interest, with nothing else that counts. */
  Variant interestAlone() {
    return new Variant(halfLife, weights, 0, 0);
  }

  boolean hasSameInterest(Variant other) {
    return other != null && halfLife.equals(other.halfLife) && weights.equals(other.weights);
  }

  /** Gives these settings as the result has them. */
  EvaluationResult.Variant inResult() {
    return new EvaluationResult.Variant(
        popularity, diversity, halfLife.toMillis() / 3_600_000.0, weightsInOrder());
  }

  /** Gives the weights as the command line takes them. */
  String weightsInOrder() {
    return Stream.of(
            weights.purchase(),
            weights.addToCart(),
            weights.wishlistAdd(),
            weights.view(),
            weights.search(),
            weights.removeFromCart())
        .map(Variant::plain)
        .collect(Collectors.joining(":"));
  }

  static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
