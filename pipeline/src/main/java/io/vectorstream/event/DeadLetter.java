package io.vectorstream.event;

import java.io.Serializable;

/**
 * A record that broke a rule of C1: its own bytes, where it lay, and why it is here.
 *
 * @param key null if the record had none
 * @param value null if the record had none
 * @param receivedAtMicros the record's Kafka timestamp, in microseconds since 1970
 * @param reason a code of {@link Reason}
 * @param detail one sentence
 */
public record DeadLetter(
    byte[] key,
    byte[] value,
    int partition,
    long offset,
    long receivedAtMicros,
    String reason,
    String detail)
    implements Serializable {}
