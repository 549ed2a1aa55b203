package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter as read from the dead-letter topic. Any program may have written to it: a value
 * that a header lacks, or that cannot be read, is null.
 *
 * @param id the place of the dead letter itself
 * @param key the record's own, null if it had none
 * @param value the record's own, null if it had none
 * @param headers the record's own, in their order
 * @param reason a code of {@link Reason}, or {@link #UNKNOWN}
 * @param topic of the record
 * @param partition of the record
 * @param offset of the record
 * @param timestamp when Kafka took the record
 * @param failedAt when it became a dead letter; never null
 */
public record StoredDeadLetter(
    DeadLetterId id,
    byte[] key,
    byte[] value,
    List<Header> headers,
    String reason,
    String detail,
    String topic,
    Integer partition,
    Long offset,
    Instant timestamp,
    Instant failedAt) {

  /** The reason of a record in the dead-letter topic that gives none. */
  public static final String UNKNOWN = "unknown";

  /** The longest name of a topic in Kafka. */
  private static final int LONGEST_NAME = 249;

  /** Returns whether a text of the record may be the id of a user whom a caller looks for. */
  public boolean mayName(Predicate<String> isUser) {
    List<byte[]> parts = new ArrayList<>();
    parts.add(key);
    parts.add(value);
    headers.forEach(header -> parts.add(header.value()));
    return RecordUsers.anyOf(parts, isUser);
  }

  /**
   * Returns the same without key, value and headers.
   *
   * @param why replaces the detail, which may quote the record
   */
  public StoredDeadLetter withoutContent(String why) {
    return new StoredDeadLetter(
        id, null, null, List.of(), reason, why, topic, partition, offset, timestamp, failedAt);
  }

  static StoredDeadLetter of(ConsumerRecord<byte[], byte[]> record) {
    String reason = text(record, DeadLetterHeaders.REASON);
    Instant failedAt = read(record, DeadLetterHeaders.FAILED_AT, Instant::parse);
    return new StoredDeadLetter(
        new DeadLetterId(record.partition(), record.offset()),
        record.key(),
        record.value(),
        DeadLetterHeaders.own(record.headers()),
        reason == null ? UNKNOWN : reason,
        text(record, DeadLetterHeaders.DETAIL),
        text(record, DeadLetterHeaders.TOPIC),
        read(record, DeadLetterHeaders.PARTITION, Integer::valueOf),
        read(record, DeadLetterHeaders.OFFSET, Long::valueOf),
        read(record, DeadLetterHeaders.TIMESTAMP, Instant::parse),
        failedAt == null ? Instant.ofEpochMilli(record.timestamp()) : failedAt);
  }

  /** Returns the number of bytes of its key and value. */
  long bytes() {
    return length(key) + length(value);
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** Returns the parts that a filter and a count need, with texts no longer than a name. */
  StoredDeadLetter withoutBytes() {
    return new StoredDeadLetter(
        id,
        null,
        null,
        List.of(),
        name(reason),
        null,
        topic == null ? null : name(topic),
        partition,
        offset,
        null,
        failedAt);
  }

  /** Interns the text: there are few different ones, and each is kept once. */
  private static String name(String text) {
    return (text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME)).intern();
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    return read(record, name, text -> text);
  }

  private static <T> T read(
      ConsumerRecord<byte[], byte[]> record, String name, Function<String, T> as) {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null) {
      return null;
    }
    try {
      return as.apply(new String(header.value(), UTF_8));
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }
}
