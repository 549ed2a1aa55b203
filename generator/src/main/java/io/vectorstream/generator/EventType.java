package io.vectorstream.generator;

import java.util.Locale;

/** The action of a shopper; written in lower case. */
enum EventType {
  VIEW,
  ADD_TO_CART,
  REMOVE_FROM_CART,
  PURCHASE,
  WISHLIST_ADD,
  SEARCH;

  String fieldValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
