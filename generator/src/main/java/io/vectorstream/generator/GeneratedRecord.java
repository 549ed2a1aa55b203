package io.vectorstream.generator;

import java.time.Instant;
import java.util.Map;

/**
 * One record to send.
 *
 * @param kind the kind that it was made to be
 * @param key the user's id; null only for a replayed line without one
 * @param value one event as JSON in UTF-8 without a line break, or broken bytes; the receiver may
 *     keep it and must not change it
 * @param headers of the record in Kafka, by their names
 * @param dueAt when it was to be sent; null where nobody has said
 */
public record GeneratedRecord(
    RecordKind kind, String key, byte[] value, Map<String, String> headers, Instant dueAt) {

  /** A record without headers. */
  public GeneratedRecord(RecordKind kind, String key, byte[] value) {
    this(kind, key, value, Map.of(), null);
  }

  /** Returns the same record, to be sent at that time. */
  public GeneratedRecord dueAt(Instant time) {
    return new GeneratedRecord(kind, key, value, headers, time);
  }
}
