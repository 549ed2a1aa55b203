package io.vectorstream.embedding;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.Product;

/** The text of an event, from which its embedding is made. */
public final class EventText {
  private EventText() {}

  /** Returns whether it is what a user has searched for, and no product's text. */
  public static boolean isQuery(ShopEvent event) {
    return event.product() == null;
  }

  /** Returns the text of its product; for a search without a product, the search query. */
  public static String of(ShopEvent event) {
    Product product = event.product();
    return product == null
        ? event.searchQuery()
        : ProductText.of(product.name(), product.description(), product.category());
  }
}
