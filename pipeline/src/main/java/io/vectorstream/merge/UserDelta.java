package io.vectorstream.merge;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import java.io.Serializable;
import java.util.Set;

/**
 * The changes that one batch makes to one user. Adding is commutative and associative, but for the
 * rounding of the interest's weights, which are doubles.
 */
public final class UserDelta implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String userId;
  private final EventCounts counts = new EventCounts();
  private final LastProducts lastProducts;
  private final Visits visits = new Visits();
  private final InterestWeights products;
  private final InterestWeights queries;
  private long firstSeenMicros = Long.MAX_VALUE;
  private long lastSeenMicros = Long.MIN_VALUE;

  public UserDelta(String userId, Decay decay, DeltaBounds bounds) {
    this.userId = userId;
    this.lastProducts = new LastProducts(bounds.lastProducts());
    this.products = new InterestWeights(decay, bounds);
    this.queries = new InterestWeights(decay, bounds);
  }

  /**
   * Adds an event of this user.
   *
   * @param textHash the hash of the product's text; null if the event has no product
   */
  public void add(ShopEvent event, String textHash, Settings.Weights weights) {
    long time = event.countedAtMicros();
    counts.add(event.type(), 1);
    firstSeenMicros = Math.min(firstSeenMicros, time);
    lastSeenMicros = Math.max(lastSeenMicros, time);
    if (event.product() != null) {
      lastProducts.add(event.product().id(), time);
    }
    double weight = weight(event.type(), weights);
    if (weight == 0) {
      return;
    }
    if (event.isSearch() && event.searchQuery() != null && !event.searchQuery().isBlank()) {
      queries.add(ActionSubject.query(event.searchQuery()), weight, time);
    } else if (textHash != null) {
      products.add(ActionSubject.product(event.product().id(), textHash), weight, time);
    }
  }

  /** Takes note of which product the user turned to, for pairs of products. */
  void visit(ShopEvent event) {
    visits.add(event);
  }

  private static double weight(EventType type, Settings.Weights weights) {
    return switch (type) {
      case PURCHASE -> weights.purchase();
      case ADD_TO_CART -> weights.addToCart();
      case WISHLIST_ADD -> weights.wishlistAdd();
      case VIEW -> weights.view();
      case SEARCH -> weights.search();
      case REMOVE_FROM_CART -> weights.removeFromCart();
    };
  }

  /** Adds another task's delta of the same user. */
  public UserDelta add(UserDelta other) {
    counts.add(other.counts);
    lastProducts.add(other.lastProducts);
    visits.add(other.visits);
    products.add(other.products);
    queries.add(other.queries);
    firstSeenMicros = Math.min(firstSeenMicros, other.firstSeenMicros);
    lastSeenMicros = Math.max(lastSeenMicros, other.lastSeenMicros);
    return this;
  }

  public String userId() {
    return userId;
  }

  /** Returns the characters of its texts, which the size of the user's point grows with. */
  public long size() {
    return userId.length()
        + lastProducts.size()
        + products.weights().keySet().stream().mapToLong(subject -> subject.text().length()).sum()
        + queries().stream().mapToLong(String::length).sum();
  }

  /** Returns the search queries whose embeddings {@link UserState#plus} can use. */
  public Set<String> queries() {
    return queries.ids();
  }

  /** Returns how many products and queries were left out as too many; only their weight counts. */
  public long leftOut() {
    return products.leftOut() + queries.leftOut();
  }

  InterestWeights productWeights() {
    return products;
  }

  InterestWeights queryWeights() {
    return queries;
  }

  EventCounts counts() {
    return counts;
  }

  LastProducts lastProducts() {
    return lastProducts;
  }

  Visits visits() {
    return visits;
  }

  /** Returns whether the user turned to a product. */
  public boolean hasVisits() {
    return !visits.isEmpty();
  }

  long firstSeenMicros() {
    return firstSeenMicros;
  }

  long lastSeenMicros() {
    return lastSeenMicros;
  }
}
