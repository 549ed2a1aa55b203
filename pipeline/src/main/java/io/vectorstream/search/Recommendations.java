package io.vectorstream.search;

import io.vectorstream.store.ProductHit;
import java.util.List;
import java.util.Locale;

/**
 * Products for a user.
 *
 * @param strategy how they were found
 * @param products the best first
 */
public record Recommendations(Strategy strategy, List<ProductHit> products) {

  /** The method by which recommended products were found, which also defines their scores. */
  public enum Strategy {
    /** The products are similar to a product; scores are cosine similarities. */
    SIMILAR,
    /** The products are near the user's interest; scores are cosine similarities. */
    INTEREST,
    /** The products are in demand now, for every user; scores are decayed counts. */
    TRENDING;

    /** Returns its name in JSON. */
    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
