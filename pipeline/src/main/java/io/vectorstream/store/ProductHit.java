package io.vectorstream.store;

/**
 * A product that was found.
 *
 * @param category null if the product has none
 * @param score how well it fits, higher is better: mostly a cosine similarity, -1 to 1, and a
 *     decayed count for a trending product
 */
public record ProductHit(String id, String name, String category, double price, double score) {

  /** Returns the same product with another score. */
  public ProductHit withScore(double other) {
    return new ProductHit(id, name, category, price, other);
  }
}
