package io.vectorstream.search;

import io.vectorstream.fresh.Freshness;
import io.vectorstream.store.ProductHit;
import java.util.List;
import java.util.Locale;

/**
 * Products for a user.
 *
 * @param strategy how they were found
 * @param products the best first
 * @param fresh what of the user no batch has merged yet; null if that is not followed
 */
public record Recommendations(Strategy strategy, List<ProductHit> products, Freshness fresh) {

  /** Makes recommendations from what is stored alone. */
  public Recommendations(Strategy strategy, List<ProductHit> products) {
    this(strategy, products, null);
  }

  /** The method by which recommended products were found, which also defines their scores. */
  public enum Strategy {
    /** The products are similar to a product; scores are cosine similarities. */
    SIMILAR,
    /**
     * The products are near the user's interest, or go with what the user turned to last; scores
     * are cosine similarities to the interest.
     */
    INTEREST,
    /** The products were bought together with others; scores are decayed numbers of users. */
    TOGETHER,
    /** The products are in demand now, for every user; scores are decayed counts. */
    TRENDING;

    /** Returns its name in JSON. */
    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
