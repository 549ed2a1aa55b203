package io.vectorstream.fresh;

import io.vectorstream.event.ShopEvent;

/** An event in memory, and what is known of it. */
final class Held {

  /** The answer to whether an event is a repeat of a stored one. */
  enum Check {
    /** The store was not asked. */
    OPEN,
    /** It is no repeat, unless a copy comes. */
    NEW,
    /** It is one. */
    REPEAT
  }

  private final boolean copy;
  private volatile ShopEvent event;
  private volatile Check check = Check.OPEN;
  private volatile boolean copied;
  private boolean dropped;

  /**
   * @param copy whether an event of the same id was in memory when it came
   */
  Held(ShopEvent event, boolean copy) {
    this.event = event;
    this.copy = copy;
  }

  ShopEvent event() {
    return event;
  }

  /** Replaces the event by the same one with other fields. */
  void event(ShopEvent same) {
    event = same;
  }

  boolean isCopy() {
    return copy;
  }

  /** Notes that another event of the same id has come after it. */
  void copied() {
    copied = true;
  }

  /**
   * Returns whether there are several events of its id, of which the store will have one: which one
   * depends on where the batches end.
   */
  boolean isOneOfSeveral() {
    return copy || copied;
  }

  Check check() {
    return check;
  }

  void check(Check answer) {
    check = answer;
  }

  boolean isDropped() {
    return dropped;
  }

  void drop() {
    dropped = true;
  }
}
