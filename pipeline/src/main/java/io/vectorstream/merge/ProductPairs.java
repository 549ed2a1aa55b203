package io.vectorstream.merge;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The stored state of the pairs of one product: the products that the same users turned to soon
 * before or after it.
 *
 * @param partners by id, those with the heaviest sums
 * @param rest what was added for partners that were left out
 * @param batch the last batch that changed it
 */
public record ProductPairs(
    String productId, Map<String, PairSums> partners, PairSums rest, String batch) {

  /** A partner and the sum by which it is kept. */
  private record Weighed(String productId, double total) {}

  private static final Comparator<Weighed> HEAVIEST_FIRST =
      Comparator.comparingDouble(Weighed::total).reversed().thenComparing(Weighed::productId);

  /** Returns a product without pairs. */
  public static ProductPairs none(String productId) {
    return new ProductPairs(productId, Map.of(), new PairSums(), "");
  }

  /**
   * Adds a batch; one that was added before changes nothing.
   *
   * @param most partners that are kept; the sums of the lightest others go to the rest
   */
  public ProductPairs plus(PairDelta delta, int most, Decay decay, String batch) {
    if (batch.equals(this.batch)) {
      return this;
    }
    Map<String, PairSums> sums = new HashMap<>();
    partners.forEach((id, one) -> sums.put(id, one.copy()));
    delta
        .partners()
        .forEach((id, one) -> sums.computeIfAbsent(id, any -> new PairSums()).add(one, decay));
    PairSums left = rest.copy();
    left.add(delta.rest(), decay);
    long latest =
        Math.max(
            left.atMicros(),
            sums.values().stream().mapToLong(PairSums::atMicros).max().orElse(Long.MIN_VALUE));
    sums.values().forEach(one -> one.decayUntil(latest, decay));
    left.decayUntil(latest, decay);
    if (sums.size() > most) {
      keepHeaviest(sums, most, left, decay);
    }
    return new ProductPairs(productId, sums, left, batch);
  }

  /** Removes all but the heaviest, and adds what is removed to the rest. */
  static void keepHeaviest(Map<String, PairSums> partners, int most, PairSums rest, Decay decay) {
    partners.entrySet().stream()
        .map(one -> new Weighed(one.getKey(), one.getValue().total()))
        .sorted(HEAVIEST_FIRST)
        .skip(most)
        .toList()
        .forEach(one -> rest.add(partners.remove(one.productId()), decay));
  }

  /** Returns until when all sums are decayed, in microseconds since 1970. */
  public long atMicros() {
    return rest.atMicros();
  }

  /** Returns the sum of all of the product's pairs, also of those that were left out. */
  public double total() {
    return rest.total() + partners.values().stream().mapToDouble(PairSums::total).sum();
  }
}
