package io.vectorstream.embedding;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.Product;

/** The text of an event, from which its embedding is made. */
public final class EventText {
  private EventText() {}

  /** That of its product; of a search without one, what was searched for. */
  public static String of(ShopEvent event) {
    Product product = event.product();
    return product == null
        ? event.searchQuery()
        : ProductText.of(product.name(), product.description(), product.category());
  }
}
