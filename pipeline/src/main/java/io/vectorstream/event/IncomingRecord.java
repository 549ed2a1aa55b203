package io.vectorstream.event;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record of the topic of events as Kafka gives it.
 *
 * @param receivedAtMicros the record's Kafka timestamp, in microseconds since 1970
 * @param key null if it has none
 * @param value null if it has none
 * @param headers in their order
 */
public record IncomingRecord(
    String topic,
    int partition,
    long offset,
    long receivedAtMicros,
    byte[] key,
    byte[] value,
    List<Header> headers) {

  /**
   * @param receivedAtMicros the time that stands for the record's own one
   */
  static IncomingRecord of(ConsumerRecord<byte[], byte[]> record, long receivedAtMicros) {
    return new IncomingRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        receivedAtMicros,
        record.key(),
        record.value(),
        List.of(record.headers().toArray()));
  }
}
