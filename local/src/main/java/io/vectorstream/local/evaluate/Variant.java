package io.vectorstream.local.evaluate;

import io.vectorstream.config.Settings;
import io.vectorstream.reports.result.EvaluationResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings to try: of interests, and of recommendations by them. */
public record Variant(
    Duration halfLife,
    Settings.Weights weights,
    double popularity,
    double diversity,
    double pairs) {

  /** The weight of pairs beside which nothing else decides. */
  private static final double PAIRS_ALONE = 10;

  /** Returns every combination. */
  public static List<Variant> all(
      List<Duration> halfLives,
      List<Settings.Weights> weights,
      List<Double> popularities,
      List<Double> diversities,
      List<Double> pairs) {
    List<Variant> all = new ArrayList<>();
    for (Duration halfLife : halfLives) {
      for (Settings.Weights some : weights) {
        for (double popularity : popularities) {
          for (double diversity : diversities) {
            pairs.forEach(
                pair -> all.add(new Variant(halfLife, some, popularity, diversity, pair)));
          }
        }
      }
    }
    return all;
  }

  /** Returns the given settings with this variant's half-life and weights. */
  Settings.Interest interest(Settings.Interest given) {
    return new Settings.Interest(
        halfLife,
        weights,
        given.lastProducts(),
        given.textsPerProduct(),
        given.pendingTexts(),
        given.pairs());
  }

  Settings.Recommend recommend() {
    return new Settings.Recommend(diversity, popularity, pairs);
  }

  /** Returns the same interest, with nothing else that counts. */
  Variant interestAlone() {
    return new Variant(halfLife, weights, 0, 0, 0);
  }

  /** Returns pairs of products as what decides. */
  Variant pairsAlone() {
    return new Variant(halfLife, weights, 0, 0, PAIRS_ALONE);
  }

  boolean hasSameInterest(Variant other) {
    return other != null && halfLife.equals(other.halfLife) && weights.equals(other.weights);
  }

  /** Gives these settings as the result has them. */
  EvaluationResult.Variant inResult() {
    return new EvaluationResult.Variant(
        popularity, diversity, halfLife.toMillis() / 3_600_000.0, weightsInOrder(), pairs);
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
