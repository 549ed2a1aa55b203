package io.vectorstream.local.evaluate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.vectorstream.config.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings to try: of interests, and of recommendations by them. */
public record Variant(
    @JsonIgnore Duration halfLife,
    @JsonIgnore Settings.Weights weights,
    double popularity,
    double diversity) {

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

  boolean hasSameInterest(Variant other) {
    return other != null && halfLife.equals(other.halfLife) && weights.equals(other.weights);
  }

  @JsonProperty
  public double halfLifeHours() {
    return halfLife.toMillis() / 3_600_000.0;
  }

  /** Returns the weights as the command line takes them. */
  @JsonProperty
  public String weightsInOrder() {
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

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Returns {@code half-life 7d, weights 5:3:2:1:1:-2, popularity 0.05, diversity 0.3}. */
  String inWords() {
    return String.format(
        Locale.ROOT,
        "half-life %s, weights %s, popularity %s, diversity %s",
        halfLife.toHours() % 24 == 0 ? halfLife.toDays() + "d" : halfLife.toHours() + "h",
        weightsInOrder(),
        plain(popularity),
        plain(diversity));
  }
}
