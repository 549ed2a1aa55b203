package io.vectorstream.event;

/** A record of the topic that was read: either an event or a dead letter. */
public sealed interface ParsedRecord permits ShopEvent, DeadLetter {

  /**
   * The event that the record has to be.
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
