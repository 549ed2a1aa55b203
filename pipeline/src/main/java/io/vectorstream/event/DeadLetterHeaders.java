package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers of a dead letter (contract C4), all of them text in UTF-8. They follow the record's
 * own headers, which may have the same names: the last header of a name is the pipeline's.
 */
final class DeadLetterHeaders {
  /** A code of {@link Reason}. */
  static final String REASON = "reason";

  /** One sentence. */
  static final String DETAIL = "detail";

  /** The topic of the record; the next two are its partition and offset. */
  static final String TOPIC = "topic";

  static final String PARTITION = "partition";
  static final String OFFSET = "offset";

  /** The record's Kafka timestamp, ISO-8601. */
  static final String TIMESTAMP = "timestamp";

  /** The time at which the pipeline made the record a dead letter, ISO-8601. */
  static final String FAILED_AT = "failed_at";

  private static final List<String> ALL =
      List.of(REASON, DETAIL, TOPIC, PARTITION, OFFSET, TIMESTAMP, FAILED_AT);

  private DeadLetterHeaders() {}

  /**
   * Returns the record of a dead letter: the bytes and headers of the record that broke a rule, and
   * these headers.
   *
   * @param topic of that record
   * @param record null if the letter is to have its place and reason only
   * @param whyNone the end of a sentence, which says why; not looked at if there is a record
   * @param timestamp when Kafka took it
   * @param failedAt when it became a dead letter, ISO-8601
   */
  static ProducerRecord<byte[], byte[]> letter(
      Settings.Kafka settings,
      String topic,
      DeadLetter letter,
      ConsumerRecord<byte[], byte[]> record,
      String whyNone,
      Instant timestamp,
      byte[] failedAt) {
    List<Header> headers = new ArrayList<>();
    if (record != null) {
      record.headers().forEach(headers::add);
    }
    String detail = record == null ? letter.detail() + "; " + whyNone : letter.detail();
    headers.add(header(REASON, letter.reason()));
    headers.add(header(DETAIL, detail));
    headers.add(header(TOPIC, topic));
    headers.add(header(PARTITION, Integer.toString(letter.partition())));
    headers.add(header(OFFSET, Long.toString(letter.offset())));
    headers.add(header(TIMESTAMP, timestamp.toString()));
    headers.add(new RecordHeader(FAILED_AT, failedAt));
    return new ProducerRecord<>(
        settings.deadLetterTopic(),
        null,
        null,
        record == null ? null : record.key(),
        record == null ? null : record.value(),
        headers);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  /**
   * Returns the headers that the record had before it became a dead letter, in their order. If a
   * header of the pipeline's is missing, another program wrote the record: all headers are its own.
   */
  static List<Header> own(Headers headers) {
    List<Header> own = new ArrayList<>(List.of(headers.toArray()));
    if (ALL.stream().allMatch(name -> headers.lastHeader(name) != null)) {
      for (String name : ALL) {
        own.remove(last(own, name));
      }
    }
    return List.copyOf(own);
  }

  private static int last(List<Header> headers, String name) {
    int place = headers.size() - 1;
    while (!headers.get(place).key().equals(name)) {
      place--;
    }
    return place;
  }
}
