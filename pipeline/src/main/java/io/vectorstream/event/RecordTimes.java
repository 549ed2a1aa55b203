package io.vectorstream.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A Kafka interceptor that hides record times outside of the calendar from Spark. A record's time
 * is the producer's: any 64 bits. Spark's Kafka source converts milliseconds to microseconds, and
 * the query fails on a record whose time is too large for that, such as a time in nanoseconds.
 * Kafka's consumer inside of Spark's source passes what it has read to this class first.
 *
 * <p>Such a time becomes Kafka's own "no time", -1, always the same for the same record.
 */
public final class RecordTimes implements ConsumerInterceptor<byte[], byte[]> {

  /** 9999-12-31T23:59:59.999Z, in milliseconds since 1970. */
  private static final long LATEST_MS = EventParser.LATEST_MICROS / 1000;

  /**
   * 2000-01-01T00:00:00Z, in microseconds since 1970. Kafka has no older records, so an earlier
   * time is in seconds, or not known.
   */
  private static final long EARLIEST_RECORD_MICROS = 946_684_800_000_000L;

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (!isStorable(record)) {
        return storable(records);
      }
    }
    return records;
  }

  private static boolean isStorable(ConsumerRecord<byte[], byte[]> record) {
    return storable(record.timestamp()) == record.timestamp();
  }

  /** Returns the time, or "no time" if no calendar has it; both in milliseconds since 1970. */
  static long storable(long timestampMs) {
    return timestampMs >= 0 && timestampMs <= LATEST_MS ? timestampMs : ConsumerRecord.NO_TIMESTAMP;
  }

  /**
   * Returns when Kafka took a record. The record's time is the producer's, unless the topic says
   * otherwise: a record that claims to be from before Kafka, or from the future, counts as taken
   * when its batch was planned. All times are in microseconds since 1970.
   */
  static long takenAt(long claimedMicros, long plannedAtMicros) {
    return claimedMicros >= EARLIEST_RECORD_MICROS && claimedMicros <= plannedAtMicros
        ? claimedMicros
        : plannedAtMicros;
  }

  private static ConsumerRecords<byte[], byte[]> storable(ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> all = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        some.add(isStorable(record) ? record : withoutTime(record));
      }
      all.put(partition, some);
    }
    return new ConsumerRecords<>(all);
  }

  private static ConsumerRecord<byte[], byte[]> withoutTime(ConsumerRecord<byte[], byte[]> record) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        ConsumerRecord.NO_TIMESTAMP,
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        record.key(),
        record.value(),
        record.headers(),
        record.leaderEpoch());
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    // Spark's source commits nothing to Kafka.
  }

  @Override
  public void close() {
    // There is nothing to close.
  }

  @Override
  public void configure(Map<String, ?> configs) {
    // There is nothing to configure.
  }
}
