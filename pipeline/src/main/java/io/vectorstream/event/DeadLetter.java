package io.vectorstream.event;

import static io.vectorstream.event.BrokenRecordException.quote;

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
    implements Serializable {

  /** The longest part of a fault's message that the detail has, in characters. */
  private static final int LONGEST_CAUSE = 200;

  /**
   * An event at which a step fails. Its bytes are not at hand any more: {@link
   * UnstorableRecords#complete} fetches them.
   *
   * @param step what fails, as in "counting it"
   */
  public static DeadLetter of(ShopEvent event, String step, RuntimeException fault) {
    return of(event.partition(), event.offset(), event.receivedAtMicros(), step, fault);
  }

  static DeadLetter of(
      int partition, long offset, long receivedAtMicros, String step, RuntimeException fault) {
    return new DeadLetter(
        null,
        null,
        partition,
        offset,
        receivedAtMicros,
        Reason.CANNOT_BE_STORED.code(),
        "%s fails: %s".formatted(step, quote(fault.toString(), LONGEST_CAUSE)));
  }
}
