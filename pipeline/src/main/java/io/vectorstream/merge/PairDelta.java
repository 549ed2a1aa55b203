package io.vectorstream.merge;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The changes that one batch makes to the pairs of one product. Adding is commutative and
 * associative, but for rounding, and for what is left out of too many partners.
 */
public final class PairDelta implements Serializable {

  private static final long serialVersionUID = 1L;

  /** More partners than are kept of any product, so that the heaviest of a batch are among them. */
  private static final int MOST = 2_000;

  private final String productId;
  private final Map<String, PairSums> partners = new HashMap<>();
  private final PairSums rest;

  public PairDelta(String productId) {
    this(productId, new PairSums());
  }

  private PairDelta(String productId, PairSums rest) {
    this.productId = productId;
    this.rest = rest;
  }

  /** Adds one pair of this product. */
  public void add(String partnerId, Engagement engagement, long atMicros, Decay decay) {
    partners.computeIfAbsent(partnerId, id -> new PairSums()).add(engagement, atMicros, decay);
    bound(decay);
  }

  /** Adds another task's delta of the same product. */
  public PairDelta add(PairDelta other, Decay decay) {
    other.partners.forEach(
        (id, sums) -> partners.computeIfAbsent(id, any -> new PairSums()).add(sums, decay));
    rest.add(other.rest, decay);
    bound(decay);
    return this;
  }

  /** Has Java's serialization write a few arrays in place of two objects for each partner. */
  private Object writeReplace() {
    int kinds = Engagement.values().length;
    String[] ids = new String[partners.size()];
    double[] sums = new double[partners.size() * kinds];
    long[] atMicros = new long[partners.size()];
    int i = 0;
    for (Map.Entry<String, PairSums> partner : partners.entrySet()) {
      ids[i] = partner.getKey();
      System.arraycopy(partner.getValue().sums(), 0, sums, i * kinds, kinds);
      atMicros[i++] = partner.getValue().atMicros();
    }
    return new Serialized(productId, ids, sums, atMicros, rest);
  }

  /** A delta as it travels between tasks; of each partner all sums, one partner after the other. */
  private record Serialized(
      String productId, String[] ids, double[] sums, long[] atMicros, PairSums rest)
      implements Serializable {

    private Object readResolve() {
      int kinds = Engagement.values().length;
      PairDelta delta = new PairDelta(productId, rest);
      for (int i = 0; i < ids.length; i++) {
        double[] each = Arrays.copyOfRange(sums, i * kinds, (i + 1) * kinds);
        delta.partners.put(ids[i], new PairSums(each, atMicros[i]));
      }
      return delta;
    }
  }

  private void bound(Decay decay) {
    if (partners.size() > MOST) {
      ProductPairs.keepHeaviest(partners, MOST / 2, rest, decay);
    }
  }

  public String productId() {
    return productId;
  }

  Map<String, PairSums> partners() {
    return partners;
  }

  PairSums rest() {
    return rest;
  }
}
