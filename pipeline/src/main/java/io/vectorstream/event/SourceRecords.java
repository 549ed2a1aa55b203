package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Single records of the topic of events, looked up by place. If a caller asks in the order of
 * partitions and offsets, each part of the topic is read once; only one answer of Kafka, and what
 * the client reads ahead, is in memory.
 */
final class SourceRecords implements AutoCloseable {

  /** Longer than any pause of a healthy broker. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * The size of one answer of Kafka; a larger record still comes, alone. Places that lie farther
   * apart need a seek, which discards the records that were read ahead, so this is small.
   */
  private static final int FETCH_BYTES = 64 << 10;

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private TopicPartition partition;
  private Iterator<ConsumerRecord<byte[], byte[]>> fetched = Collections.emptyIterator();

  /** The record that was read but not asked for yet; null for none. */
  private ConsumerRecord<byte[], byte[]> next;

  /** The size of the record that was read last, in bytes. */
  private long size;

  SourceRecords(Settings.Kafka settings) {
    this.topic = settings.topic();
    Map<String, Object> config = KafkaClients.properties(settings);
    KafkaClients.readCommitted(config);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Returns the record at this place; empty if it is not there any more.
   *
   * @throws TimeoutException if Kafka gives nothing for a while
   */
  Optional<ConsumerRecord<byte[], byte[]>> at(int number, long offset) {
    moveTo(new TopicPartition(topic, number), offset);
    long deadline = System.nanoTime() + LONGEST_SILENCE.toNanos();
    while (true) {
      skipTo(offset);
      if (next != null) {
        return next.offset() == offset ? Optional.of(taken()) : Optional.empty();
      }
      // Markers of transactions take up offsets, so this checks the position and not the records.
      if (consumer.position(partition, LONGEST_SILENCE) > offset || !fetch(offset)) {
        return Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "partition %d of topic %s gave no record from offset %d on for %d s"
                .formatted(number, topic, offset, LONGEST_SILENCE.toSeconds()));
      }
    }
  }

  private ConsumerRecord<byte[], byte[]> taken() {
    ConsumerRecord<byte[], byte[]> record = next;
    next = null;
    return record;
  }

  private void moveTo(TopicPartition wanted, long offset) {
    if (!wanted.equals(partition)) {
      partition = wanted;
      consumer.assign(List.of(wanted));
      seek(offset);
      return;
    }
    skipTo(offset);
    if (next == null) {
      long records = offset - consumer.position(partition, LONGEST_SILENCE);
      if (records * size > FETCH_BYTES) {
        seek(offset);
      }
    }
  }

  private void skipTo(long offset) {
    while ((next == null || next.offset() < offset) && fetched.hasNext()) {
      next = fetched.next();
      size = Math.max(1, Math.max(0, next.serializedKeySize()) + next.serializedValueSize());
    }
    if (next != null && next.offset() < offset) {
      next = null;
    }
  }

  private void seek(long offset) {
    next = null;
    fetched = Collections.emptyIterator();
    consumer.seek(partition, offset);
  }

  /** Returns whether the offset is one that Kafka still has, or may have. */
  private boolean fetch(long offset) {
    try {
      fetched = consumer.poll(POLL).records(partition).iterator();
      return true;
    } catch (OffsetOutOfRangeException e) {
      long position = consumer.position(partition, LONGEST_SILENCE);
      if (position < offset) {
        // The records between are gone; the record itself may still be there.
        seek(offset);
        return true;
      }
      return false;
    }
  }

  @Override
  public void close() {
    consumer.close(Duration.ZERO);
  }
}
