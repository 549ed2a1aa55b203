package io.vectorstream.merge;

import io.vectorstream.shop.EventType;
import java.util.Locale;

/** What a user did with a product, by how much it says; each includes those before it. */
public enum Engagement {
  SEEN,
  CARTED,
  BOUGHT;

  /** Returns its name in JSON. */
  public String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the one with this name in JSON. */
  public static Engagement ofJson(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Returns what an event of this type is; null for one that does not tell of a liking. */
  static Engagement of(EventType type) {
    return switch (type) {
      case VIEW, WISHLIST_ADD -> SEEN;
      case ADD_TO_CART -> CARTED;
      case PURCHASE -> BOUGHT;
      case SEARCH, REMOVE_FROM_CART -> null;
    };
  }
}
