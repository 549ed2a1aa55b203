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
}
