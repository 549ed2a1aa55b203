package io.vectorstream.event;

/**
 * What becomes of a record of the topic: an event, a dead letter, or nothing on purpose. A record
 * that is mapped may become several of them.
 */
public sealed interface ParsedRecord permits ShopEvent, DeadLetter, SkippedRecord {

  /**
   * Returns the event, for a record that must be one.
   *
   * @throws IllegalStateException with the reason, if it is a dead letter
   */
  default ShopEvent requireEvent() {
    if (this instanceof ShopEvent event) {
      return event;
    }
    throw new IllegalStateException(
        "a record is no event: " + (this instanceof DeadLetter letter ? letter.detail() : this));
  }
}
