package io.vectorstream.event;

/** A parsed record of the topic: either an event or a dead letter. */
public sealed interface ParsedRecord permits ShopEvent, DeadLetter {

  /**
   * Returns the event, for a record that must be one.
   *
   * @throws IllegalStateException with the reason, if it is a dead letter
   */
  default ShopEvent requireEvent() {
    if (this instanceof ShopEvent event) {
      return event;
    }
    throw new IllegalStateException("a record is no event: " + ((DeadLetter) this).detail());
  }
}
