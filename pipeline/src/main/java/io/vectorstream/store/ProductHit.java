package io.vectorstream.store;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A product that was found.
 *
 * @param category null if the product has none
 * @param score how well it fits, higher is better: mostly a cosine similarity, -1 to 1, a sum of
 *     reciprocal ranks for one that is found by its words, too, and a decayed count for a trending
 *     product
 * @param because why it is recommended; null where nearness or demand says all
 */
public record ProductHit(
    String id,
    String name,
    String category,
    double price,
    double score,
    @JsonInclude(JsonInclude.Include.NON_NULL) Because because) {

  /** Makes a hit without a reason. */
  public ProductHit(String id, String name, String category, double price, double score) {
    this(id, name, category, price, score, null);
  }

  /** Returns the same product with another score. */
  public ProductHit withScore(double other) {
    return new ProductHit(id, name, category, price, other, because);
  }

  /** Returns the same product with a reason. */
  public ProductHit because(Because reason) {
    return new ProductHit(id, name, category, price, score, reason);
  }
}
