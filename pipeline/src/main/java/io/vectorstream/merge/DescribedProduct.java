package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;

/**
 * A product as the event before described it, and what events add to it. Most events describe it
 * just as the one before: hashing its text again would be the same work again.
 */
final class DescribedProduct {

  private ProductVersion last;
  private ProductDelta delta;

  /** The product as this event describes it. */
  ProductVersion describe(ShopEvent event) {
    last = ProductVersion.of(event, last);
    return last;
  }

  /** What was added to it so far; null for nothing. */
  ProductDelta delta() {
    return delta;
  }

  /**
   * The same, to add to it.
   *
   * @param mostTexts different texts that are told apart
   */
  ProductDelta delta(int mostTexts) {
    if (delta == null) {
      delta = new ProductDelta(mostTexts);
    }
    return delta;
  }
}
