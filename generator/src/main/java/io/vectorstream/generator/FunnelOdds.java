package io.vectorstream.generator;

/**
 * The odds of a session's next step. Each group of odds adds up to 1 at most; the remainder is the
 * chance that the shopper leaves, by way of the checkout if there is something in the cart and the
 * odds of {@code purchaseFromCart} say so.
 *
 * @param startWithSearch that a session begins with a search rather than a view
 * @param searchShowsProduct that a search event carries the product that was clicked
 * @param searchAgain after a search
 * @param viewAfterSearch after a search
 * @param viewAnother after a view
 * @param searchAfterView after a view
 * @param addToCart after a view
 * @param addToWishlist after a view
 * @param removeFromCart after a product was put in the cart
 * @param purchaseFromCart after the cart changed, and when leaving with something in it
 * @param viewAfterCart after the cart or the wishlist changed
 * @param withinTastes that a shopper looks for something in a preferred category
 */
public record FunnelOdds(
    double startWithSearch,
    double searchShowsProduct,
    double searchAgain,
    double viewAfterSearch,
    double viewAnother,
    double searchAfterView,
    double addToCart,
    double addToWishlist,
    double removeFromCart,
    double purchaseFromCart,
    double viewAfterCart,
    double withinTastes) {

  public FunnelOdds {
    share("startWithSearch", startWithSearch);
    share("searchShowsProduct", searchShowsProduct);
    share("withinTastes", withinTastes);
    atMostOne("after a search", searchAgain, viewAfterSearch);
    atMostOne("after a view", viewAnother, searchAfterView, addToCart, addToWishlist);
    atMostOne("after the cart changed", removeFromCart, purchaseFromCart, viewAfterCart);
  }

  /** Returns the odds of an ordinary shop: in 100 events about 62 views, 12 carts, 6 purchases. */
  public static FunnelOdds defaults() {
    return new FunnelOdds(0.35, 0.5, 0.15, 0.75, 0.45, 0.08, 0.20, 0.06, 0.12, 0.30, 0.40, 0.8);
  }

  static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be from 0 to 1, but is " + value);
    }
  }

  private static void atMostOne(String when, double... odds) {
    double sum = 0;
    for (double odd : odds) {
      share("the odds " + when, odd);
      sum += odd;
    }
    // Sums such as 0.1 + 0.2 + 0.7 may miss 1 by a rounding error.
    if (sum > 1 + 1e-9) {
      throw new IllegalArgumentException(
          "the odds " + when + " add up to " + sum + ", more than 1");
    }
  }
}
