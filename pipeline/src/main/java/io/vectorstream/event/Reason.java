package io.vectorstream.event;

import java.util.Locale;

/**
 * The reason why a record went to the dead-letter topic. The code in the record's header is the
 * constant's name in lower case.
 */
public enum Reason {
  /** The record has no value (a tombstone), or only white space. */
  EMPTY("the record has no value"),
  /** The bytes are not UTF-8, or a text has half a surrogate pair, which UTF-8 cannot hold. */
  INVALID_UTF8("the value is not valid UTF-8"),
  /** The text is not exactly one JSON object, or its nesting or a number exceeds the limits. */
  NOT_JSON("the value is not a JSON object"),
  /** The value is compressed, or framed for a schema registry, and the settings say JSON. */
  OTHER_FORMAT("the value is in a format that the settings do not let read"),
  /** The schema registry does not know the schema that the value names. */
  UNKNOWN_SCHEMA("the schema registry does not know the value's schema"),
  /** The value is not what its schema says, or its compression, or CloudEvents. */
  CANNOT_BE_DECODED("the value cannot be decoded"),
  /** A known field has another JSON type than the contract's. */
  WRONG_TYPE("a field has another type than expected"),
  /** A required field is absent, null or empty. */
  MISSING_FIELD("a required field is missing"),
  /** The timestamp is not ISO-8601 with an offset. */
  INVALID_TIMESTAMP("the timestamp is not ISO-8601 with an offset"),
  /** The event type is not one of the six. */
  UNKNOWN_EVENT_TYPE("the event type is not known"),
  /** The price is negative or not finite. */
  INVALID_PRICE("the price is not a finite number of 0 or more"),
  /** The quantity, total amount or view duration is a number beyond the range of its type. */
  INVALID_AMOUNT("an amount is beyond the range of its type"),
  /**
   * The record is a valid event, but cannot be counted, written or stored: the cause is a fault of
   * the pipeline, or a rule of the store that only this record breaks. Or a mapping makes more
   * events of the record than are taken.
   */
  CANNOT_BE_STORED("the event cannot be stored"),
  /**
   * The event is older than the retention (events.retention), so it is not known whether it was
   * counted before.
   */
  OLDER_THAN_RETENTION("the event is older than what is kept");

  private final String meaning;
  private final String code = name().toLowerCase(Locale.ROOT);

  Reason(String meaning) {
    this.meaning = meaning;
  }

  /** Returns the code in the dead letter's {@code reason} header. */
  public String code() {
    return code;
  }

  /** Returns the meaning in a few words, for users. */
  public String meaning() {
    return meaning;
  }
}
