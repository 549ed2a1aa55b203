package io.vectorstream.event;

import static io.vectorstream.event.BrokenRecordException.quote;

import com.google.common.collect.Streams;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A record that broke a rule of C1: its place in the topic, and why it is no event. Its bytes and
 * headers stay in Kafka until {@link DeadLetters} copies them, so a dead letter is small however
 * large its record is.
 *
 * @param receivedAtMicros the record's Kafka timestamp, in microseconds since 1970
 * @param reason a code of {@link Reason}
 * @param detail one sentence, cut off after {@value #LONGEST_DETAIL} characters
 */
public record DeadLetter(
    int partition, long offset, long receivedAtMicros, String reason, String detail)
    implements ParsedRecord, Serializable {

  private static final int LONGEST_DETAIL = 1000;

  /** The longest part of an exception's message that the detail contains, in characters. */
  private static final int LONGEST_CAUSE = 200;

  public DeadLetter {
    if (detail.length() > LONGEST_DETAIL) {
      int end = LONGEST_DETAIL - 1;
      // Does not cut within a surrogate pair.
      end -= Character.isHighSurrogate(detail.charAt(end - 1)) ? 1 : 0;
      detail = detail.substring(0, end) + "…";
    }
  }

  /** Returns the record's place in the topic of events. */
  public DeadLetterId place() {
    return new DeadLetterId(partition, offset);
  }

  /**
   * Returns one dead letter for a record of which several events failed, in different tasks.
   *
   * @param letters of one record, in any order
   */
  public static DeadLetter ofOneRecord(Iterable<DeadLetter> letters) {
    List<DeadLetter> sorted =
        Streams.stream(letters)
            .distinct()
            .sorted(Comparator.comparing(DeadLetter::reason).thenComparing(DeadLetter::detail))
            .toList();
    DeadLetter first = sorted.get(0);
    return new DeadLetter(
        first.partition,
        first.offset,
        first.receivedAtMicros,
        first.reason,
        sorted.stream().map(DeadLetter::detail).collect(Collectors.joining("; ")));
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(partition);
    out.writeLong(offset);
    out.writeLong(receivedAtMicros);
    out.writeUTF(reason);
    out.writeUTF(detail);
  }

  /** Reads what {@link #write} wrote. */
  static DeadLetter read(DataInput in) throws IOException {
    return new DeadLetter(in.readInt(), in.readLong(), in.readLong(), in.readUTF(), in.readUTF());
  }

  /**
   * Makes a dead letter of an event for which a step fails.
   *
   * @param step the step that fails, such as "counting it"
   */
  public static DeadLetter of(ShopEvent event, String step, RuntimeException fault) {
    return of(event.partition(), event.offset(), event.receivedAtMicros(), step, fault);
  }

  /**
   * Makes a dead letter of an event that is older than the horizon, from which on events are known.
   *
   * @param horizon that time, ISO-8601
   */
  public static DeadLetter tooOld(ShopEvent event, String horizon) {
    return new DeadLetter(
        event.partition(),
        event.offset(),
        event.receivedAtMicros(),
        Reason.OLDER_THAN_RETENTION.code(),
        "the event is of %s, and what is older than %s was deleted (events.retention)"
            .formatted(event.timestamp(), horizon));
  }

  /** Makes a dead letter of an event whose batch began to count without it. */
  public static DeadLetter late(ShopEvent event) {
    return new DeadLetter(
        event.partition(),
        event.offset(),
        event.receivedAtMicros(),
        Reason.CANNOT_BE_STORED.code(),
        "the record could not be read when its batch was stored, and now it can; replay it");
  }

  static DeadLetter of(
      int partition, long offset, long receivedAtMicros, String step, RuntimeException fault) {
    return new DeadLetter(
        partition,
        offset,
        receivedAtMicros,
        Reason.CANNOT_BE_STORED.code(),
        "%s fails: %s".formatted(step, quote(fault.toString(), LONGEST_CAUSE)));
  }
}
