package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;

/**
 * A product as the previous event described it, and the effects of its events. Most events describe
 * it like the previous one, so the hash of its text is kept and not computed again.
 */
final class DescribedProduct {

  private ProductVersion last;
  private ProductDelta delta;

  /** Returns the product as this event describes it. */
  ProductVersion describe(ShopEvent event) {
    last = ProductVersion.of(event, last);
    return last;
  }

  /** Returns the effects that were added so far; null for none. */
  ProductDelta delta() {
    return delta;
  }

  /**
   * Returns the delta to add to.
   *
   * @param mostTexts different texts that are kept apart
   */
  ProductDelta delta(int mostTexts) {
    if (delta == null) {
      delta = new ProductDelta(mostTexts);
    }
    return delta;
  }
}
