package io.vectorstream.generator;

/**
 * One record to send.
 *
 * @param kind the kind that it was made to be
 * @param key the user's id; null only for a replayed line without one
 * @param value one event as JSON in UTF-8 without a line break, or broken bytes; the receiver may
 *     keep it and must not change it
 */
public record GeneratedRecord(RecordKind kind, String key, byte[] value) {}
