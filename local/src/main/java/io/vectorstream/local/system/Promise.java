package io.vectorstream.local.system;

import java.util.Locale;

/** The number of times that a system promises to store an event. */
public enum Promise {
  /** It may lose events and store them twice. */
  NONE,
  /** It loses none. */
  AT_LEAST_ONCE,
  /** It loses none, and stores none twice. */
  ONCE;

  boolean forbidsLoss() {
    return this != NONE;
  }

  boolean forbidsDoubling() {
    return this == ONCE;
  }

  /** Returns the name in a result. */
  String inResult() {
    return name().toLowerCase(Locale.ROOT);
  }
}
