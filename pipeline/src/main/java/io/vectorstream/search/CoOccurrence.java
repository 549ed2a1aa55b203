package io.vectorstream.search;

import io.vectorstream.merge.Engagement;
import io.vectorstream.merge.PairSums;
import io.vectorstream.merge.ProductPairs;
import io.vectorstream.store.PairCollection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products that go with some others, by what users did: item-to-item co-occurrence.
 *
 * <p>A product's share of a seed's pairs is the probability that a pair of the seed is one with
 * this product. Its score is the mean share over the seeds, relative to the best product, and is
 * the smaller the less is known: {@code score = share / max(share) * n / (n + 50)}, where n is how
 * often the best product was a pair with a seed.
 */
final class CoOccurrence {

  /** The pairs of one product at which scores are half of what they would be with very many. */
  private static final double HALF_TRUSTED = 50;

  private final PairCollection stored;

  CoOccurrence(PairCollection stored) {
    this.stored = stored;
  }

  /**
   * A product that goes with seeds.
   *
   * @param score from 0 to 1
   * @param seed the one that it goes with most
   * @param engagement the most that users did with both
   */
  record Companion(double score, String seed, Engagement engagement) {}

  /** Returns the companions of these products, by their ids; none of the seeds. */
  Map<String, Companion> companions(List<String> seeds) {
    return seeds.isEmpty() ? Map.of() : companions(seeds, stored.pairs(seeds));
  }

  static Map<String, Companion> companions(List<String> seeds, Map<String, ProductPairs> pairs) {
    Map<String, Double> shares = new HashMap<>();
    Map<String, Double> numbers = new HashMap<>();
    Map<String, Companion> best = new HashMap<>();
    for (ProductPairs seed : pairs.values()) {
      double total = seed.total();
      if (total > 0) {
        seed.partners()
            .forEach(
                (id, sums) -> {
                  double share = sums.total() / total;
                  shares.merge(id, share, Double::sum);
                  numbers.merge(id, sums.total(), Double::sum);
                  best.merge(
                      id,
                      new Companion(share, seed.productId(), most(sums)),
                      (a, b) -> a.score() >= b.score() ? a : b);
                });
      }
    }
    best.keySet().removeAll(seeds);
    if (best.isEmpty()) {
      return Map.of();
    }
    String first = Collections.max(best.keySet(), Comparator.comparing(shares::get));
    double known = numbers.get(first);
    double scale = known / (known + HALF_TRUSTED) / shares.get(first);
    best.replaceAll(
        (id, one) -> new Companion(shares.get(id) * scale, one.seed(), one.engagement()));
    return best;
  }

  private static Engagement most(PairSums sums) {
    return sums.of(Engagement.BOUGHT) > 0
        ? Engagement.BOUGHT
        : sums.of(Engagement.CARTED) > 0 ? Engagement.CARTED : Engagement.SEEN;
  }

  /**
   * Returns how often products were bought, or put in the cart, together with these ones, as
   * decayed numbers: those bought together first, then those in one cart, each the most frequent
   * first.
   */
  List<Map.Entry<String, PairSums>> together(List<String> productIds) {
    Map<String, PairSums> sums = new HashMap<>();
    stored
        .pairs(productIds)
        .values()
        .forEach(
            pairs ->
                pairs.partners().forEach((id, one) -> sums.merge(id, one, PairSums::withSumsOf)));
    sums.keySet().removeAll(productIds);
    return sums.entrySet().stream()
        .filter(one -> one.getValue().of(Engagement.CARTED) > 0)
        .sorted(
            Comparator.comparingDouble(
                    (Map.Entry<String, PairSums> one) -> one.getValue().of(Engagement.BOUGHT))
                .thenComparingDouble(one -> one.getValue().of(Engagement.CARTED))
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .toList();
  }
}
