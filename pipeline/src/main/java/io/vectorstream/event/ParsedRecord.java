package io.vectorstream.event;

/**
 * What became of one record: an event, or a dead letter.
 *
 * @param event null if the record is a dead letter
 * @param deadLetter null if the record is an event
 */
public record ParsedRecord(ShopEvent event, DeadLetter deadLetter) {

  public ParsedRecord {
    if ((event == null) == (deadLetter == null)) {
      throw new IllegalArgumentException("a record is either an event or a dead letter");
    }
  }

  static ParsedRecord of(ShopEvent event) {
    return new ParsedRecord(event, null);
  }

  static ParsedRecord of(DeadLetter deadLetter) {
    return new ParsedRecord(null, deadLetter);
  }

  public boolean isEvent() {
    return event != null;
  }
}
