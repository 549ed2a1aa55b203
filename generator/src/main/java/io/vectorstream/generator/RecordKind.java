package io.vectorstream.generator;

/** The kind that a record was made to be. */
public enum RecordKind {
  /** A valid event, sent in time. */
  EVENT,
  /** The same bytes as a valid event that was sent shortly before. */
  DUPLICATE,
  /** A valid event whose timestamp lies in the past. */
  LATE,
  /** A record that breaks a rule of the event format. */
  MALFORMED
}
