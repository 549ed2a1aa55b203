package io.vectorstream.shop;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The action of a shopper. Its name in JSON is the constant's in lower case. */
public enum EventType {
  VIEW,
  ADD_TO_CART,
  REMOVE_FROM_CART,
  PURCHASE,
  WISHLIST_ADD,
  SEARCH;

  private static final EventType[] ALL = values();

  private final String json = name().toLowerCase(Locale.ROOT);

  /** Returns its name in JSON, such as {@code add_to_cart}. */
  public String json() {
    return json;
  }

  /**
   * Returns the type with that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static EventType of(String json) {
    for (EventType type : ALL) {
      if (type.json.equals(json)) {
        return type;
      }
    }
    throw new IllegalArgumentException("not an event type: " + json);
  }

  /** Returns the names of all types in JSON. */
  public static List<String> names() {
    return Arrays.stream(ALL).map(EventType::json).toList();
  }
}
