package io.vectorstream.event;

import io.vectorstream.shop.Product;

/**
 * The content of a record of the products topic: a new version of a product, or its retirement.
 *
 * @param timestampMillis Kafka's time of the record, since 1970
 * @param product null if the record retires the product
 * @param available whether shoppers may see it; false for one that is retired
 */
public record ProductRecord(
    int partition,
    long offset,
    long timestampMillis,
    String productId,
    Product product,
    boolean available) {

  public boolean isRetirement() {
    return product == null;
  }

  /** Returns the characters of its texts, which the size of the product's point grows with. */
  public long size() {
    return productId.length()
        + (isRetirement()
            ? 0
            : product.name().length() + length(product.description()) + length(product.category()));
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }
}
