package io.vectorstream.event;

/** The headers of a dead letter (contract C4); all of them are text in UTF-8. */
final class DeadLetterHeaders {
  /** A code of {@link Reason}. */
  static final String REASON = "reason";

  /** One sentence. */
  static final String DETAIL = "detail";

  /** Where the record lay, with the next two. */
  static final String TOPIC = "topic";

  static final String PARTITION = "partition";
  static final String OFFSET = "offset";

  /** The record's Kafka timestamp, ISO-8601. */
  static final String TIMESTAMP = "timestamp";

  /** When the pipeline gave it up, ISO-8601. */
  static final String FAILED_AT = "failed_at";

  private DeadLetterHeaders() {}
}
