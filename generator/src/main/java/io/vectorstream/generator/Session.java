package io.vectorstream.generator;

import io.vectorstream.shop.EventType;
import java.util.SplittableRandom;

/**
 * One visit to the shop. Each {@link #step} is one event, which the fields describe until the next
 * step.
 */
final class Session {

  private static final int MOST_IN_CART = 8;
  private static final double MIND_CHANGES = 0.25;

  final Shopper shopper;
  final long id;
  private final Assortment assortment;
  private final FunnelOdds odds;
  private final Habits habits;
  private final SplittableRandom random;

  private final int[] cart = new int[MOST_IN_CART];
  private final int[] quantities = new int[MOST_IN_CART];
  private int cartSize;
  private boolean checkingOut;
  private int aisle;

  /** The query whose results the shopper sees, or -1. */
  private int results = -1;

  /** The product that was clicked in the results and is viewed next, or -1. */
  private int clicked = -1;

  EventType type;

  /** The product of the event; of a search, the one that was clicked. */
  int product;

  /** True if the event names its product: always, except for some searches. */
  boolean showsProduct;

  int quantity;
  int query;
  int paymentMethod;

  Session(
      Shopper shopper,
      long id,
      Assortment assortment,
      FunnelOdds odds,
      Habits habits,
      SplittableRandom random) {
    this.shopper = shopper;
    this.id = id;
    this.assortment = assortment;
    this.odds = odds;
    this.habits = habits;
    this.random = random;
    if (happens(habits.drift())) {
      shopper.changeTaste(assortment, random);
    }
    chooseAisle();
  }

  /** Moves on to the next event; returns false when the shopper has left. */
  boolean step() {
    if (checkingOut) {
      return cartSize > 0 && purchase();
    }
    if (type == null) {
      if (shopper.hasBought() && happens(habits.boughtAgain())) {
        clicked = shopper.drawBought(random);
        return view();
      }
      if (shopper.last >= 0 && happens(habits.companions())) {
        clicked = assortment.drawCompanion(shopper.last, random);
        return view();
      }
      return random.nextDouble() < odds.startWithSearch() ? search() : view();
    }
    double u = random.nextDouble();
    return switch (type) {
      case SEARCH -> {
        if (u < odds.searchAgain()) {
          yield search();
        }
        yield u < odds.searchAgain() + odds.viewAfterSearch() ? view() : leave();
      }
      case VIEW -> afterView(u);
      case ADD_TO_CART, REMOVE_FROM_CART, WISHLIST_ADD -> afterCart(u);
      case PURCHASE -> false;
    };
  }

  private boolean afterView(double u) {
    if (u < odds.viewAnother()) {
      return view();
    }
    u -= odds.viewAnother();
    if (u < odds.searchAfterView()) {
      return search();
    }
    u -= odds.searchAfterView();
    if (u < odds.addToCart()) {
      return addToCart();
    }
    u -= odds.addToCart();
    return u < odds.addToWishlist() ? wish() : leave();
  }

  private boolean afterCart(double u) {
    if (u < odds.viewAfterCart()) {
      return view();
    }
    u -= odds.viewAfterCart();
    if (u < odds.purchaseFromCart()) {
      return cartSize > 0 ? checkOut() : view();
    }
    u -= odds.purchaseFromCart();
    // A shopper does not put something in the cart, take it out and then take out the next at once.
    return u < odds.removeFromCart() && type == EventType.ADD_TO_CART ? remove() : false;
  }

  private boolean leave() {
    return cartSize > 0 && random.nextDouble() < odds.purchaseFromCart() ? checkOut() : false;
  }

  private boolean search() {
    if (!assortment.hasQueries(aisle)) {
      return view();
    }
    query = assortment.drawQuery(aisle, random);
    results = query;
    clicked = assortment.drawResult(query, shopper.priceLevel, random);
    showsProduct = random.nextDouble() < odds.searchShowsProduct();
    return event(EventType.SEARCH, clicked, 0);
  }

  private boolean view() {
    int next = clicked;
    clicked = -1;
    if (next < 0 && type != null && happens(habits.companions())) {
      next = assortment.drawCompanion(product, random);
    }
    if (next < 0) {
      if (random.nextDouble() < MIND_CHANGES) {
        chooseAisle();
      }
      next =
          results >= 0
              ? assortment.drawResult(results, shopper.priceLevel, random)
              : assortment.drawProduct(aisle, shopper.priceLevel, random);
    }
    showsProduct = true;
    return event(EventType.VIEW, next, 0);
  }

  /** Draws nothing for a habit that the shoppers do not have: their events stay the same. */
  private boolean happens(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  private void chooseAisle() {
    aisle =
        random.nextDouble() < odds.withinTastes()
            ? shopper.drawTaste(random)
            : assortment.drawAisle(random);
    results = -1;
  }

  private boolean addToCart() {
    for (int i = 0; i < cartSize; i++) {
      if (cart[i] == product) {
        return view();
      }
    }
    if (cartSize == MOST_IN_CART) {
      return checkOut();
    }
    cart[cartSize] = product;
    quantities[cartSize] = random.nextDouble() < 0.8 ? 1 : 2 + random.nextInt(3);
    cartSize++;
    return event(EventType.ADD_TO_CART, product, quantities[cartSize - 1]);
  }

  private boolean wish() {
    return event(EventType.WISHLIST_ADD, product, 0);
  }

  private boolean remove() {
    return takeOut(EventType.REMOVE_FROM_CART, random.nextInt(cartSize));
  }

  /** Makes one event for each product in the cart, all paid in the same way. */
  private boolean checkOut() {
    checkingOut = true;
    double u = random.nextDouble();
    // Squared, so that the first methods are the usual ones.
    paymentMethod = (int) (u * u * EventJson.PAYMENT_METHODS);
    return purchase();
  }

  private boolean purchase() {
    shopper.remember(cart[cartSize - 1]);
    return takeOut(EventType.PURCHASE, cartSize - 1);
  }

  private boolean takeOut(EventType why, int position) {
    int taken = cart[position];
    int number = quantities[position];
    cartSize--;
    cart[position] = cart[cartSize];
    quantities[position] = quantities[cartSize];
    return event(why, taken, number);
  }

  private boolean event(EventType newType, int newProduct, int newQuantity) {
    type = newType;
    product = newProduct;
    shopper.last = newProduct;
    quantity = newQuantity;
    if (newType != EventType.SEARCH) {
      showsProduct = true;
    }
    return true;
  }
}
