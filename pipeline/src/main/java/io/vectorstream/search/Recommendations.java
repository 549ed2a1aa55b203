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

  /** How recommended products were found, and what their scores are. */
  public enum Strategy {
    /** They are like a product; scores are cosine similarities. */
    SIMILAR,
    /** They are near what the user is interested in; scores are cosine similarities. */
    INTEREST,
    /** They are in demand now, whoever asks; scores are decayed counts. */
    TRENDING;

    /** Its name in JSON. */
    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
