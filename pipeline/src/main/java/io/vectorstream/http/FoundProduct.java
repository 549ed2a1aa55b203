package io.vectorstream.http;

import io.vectorstream.store.ProductHit;
import java.util.List;

/**
 * A product in a list of results.
 *
 * @param score higher is better
 */
record FoundProduct(ProductBrief product, double score) {

  /** The fields of a product that a list shows. */
  record ProductBrief(String id, String name, String category, double price) {}

  static List<FoundProduct> of(List<ProductHit> hits) {
    return hits.stream()
        .map(
            hit ->
                new FoundProduct(
                    new ProductBrief(hit.id(), hit.name(), hit.category(), hit.price()),
                    hit.score()))
        .toList();
  }
}
