package io.vectorstream.http;

import io.vectorstream.store.Because;
import io.vectorstream.store.ProductHit;
import java.util.List;

/**
 * A product in a list of results.
 *
 * @param score higher is better
 * @param because which other product it goes with, by what users did; left out where nearness or
 *     demand says all
 */
record FoundProduct(ProductBrief product, double score, Because because) {

  /** The fields of a product that a list shows. */
  record ProductBrief(String id, String name, String category, double price) {}

  static List<FoundProduct> of(List<ProductHit> hits) {
    return hits.stream()
        .map(
            hit ->
                new FoundProduct(
                    new ProductBrief(hit.id(), hit.name(), hit.category(), hit.price()),
                    hit.score(),
                    hit.because()))
        .toList();
  }
}
