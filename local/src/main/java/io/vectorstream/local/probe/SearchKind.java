package io.vectorstream.local.probe;

import java.util.Locale;

/** A kind of search. */
public enum SearchKind {
  /** Products by a text, {@code /search}. */
  TEXT,
  /** Events by a text, {@code /search?in=events}. */
  EVENTS,
  /** Products by a vector near a stored one, which the store alone is asked. */
  VECTOR,
  /** Products like another, {@code /recommendations/products/…}. */
  SIMILAR,
  /** Products for a user, {@code /recommendations/users/…}. */
  USER;

  /** Returns its name in files. */
  String inFile() {
    return name().toLowerCase(Locale.ROOT);
  }
}
