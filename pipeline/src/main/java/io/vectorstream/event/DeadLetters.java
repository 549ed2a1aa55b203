package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The dead-letter topic (contract C4), written once: the dead letters of a batch and the batch's
 * number go to Kafka in one transaction, the number as an offset of a consumer group named after
 * the query. A batch that is repeated finds its number there and writes nothing.
 */
public final class DeadLetters implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** What is too large is for the brokers to say, not for this producer. */
  private static final int LARGEST_RECORD = 64 << 20;

  private final Settings.Kafka settings;
  private final String group;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicPartition marker;
  private long lastBatch;

  /**
   * Fences off any other writer for the same query, and finds the last batch that was written.
   *
   * @param queryId the streaming query's id, which outlives restarts
   */
  public DeadLetters(Settings.Kafka settings, String queryId) {
    this.settings = settings;
    this.group = "vectorstream-" + queryId;
    this.marker = new TopicPartition(settings.deadLetterTopic(), 0);
    Map<String, Object> config = KafkaClients.properties(settings);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
    config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * LARGEST_RECORD);
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      this.lastBatch = lastBatch();
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /** Writes a batch's dead letters, unless an earlier try of the batch has. */
  public void write(long batchId, Iterator<DeadLetter> deadLetters) {
    if (batchId <= lastBatch || !deadLetters.hasNext()) {
      return;
    }
    byte[] failedAt = Instant.now().toString().getBytes(UTF_8);
    producer.beginTransaction();
    try {
      while (deadLetters.hasNext()) {
        producer.send(record(deadLetters.next(), failedAt));
      }
      producer.sendOffsetsToTransaction(
          Map.of(marker, new OffsetAndMetadata(batchId)), new ConsumerGroupMetadata(group));
      producer.commitTransaction();
    } catch (KafkaException e) {
      producer.abortTransaction();
      throw e;
    }
    lastBatch = batchId;
  }

  private ProducerRecord<byte[], byte[]> record(DeadLetter letter, byte[] failedAt) {
    List<Header> headers = new ArrayList<>();
    headers.add(header("reason", letter.reason()));
    headers.add(header("detail", letter.detail()));
    headers.add(header("topic", settings.topic()));
    headers.add(header("partition", Integer.toString(letter.partition())));
    headers.add(header("offset", Long.toString(letter.offset())));
    headers.add(
        header("timestamp", Instant.ofEpochMilli(letter.receivedAtMicros() / 1000).toString()));
    headers.add(new RecordHeader("failed_at", failedAt));
    return new ProducerRecord<>(
        settings.deadLetterTopic(), null, null, letter.key(), letter.value(), headers);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private long lastBatch() {
    try (Admin admin = Admin.create(KafkaClients.properties(settings))) {
      OffsetAndMetadata committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(marker);
      return committed == null ? -1 : committed.offset();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot read the offsets of " + group, e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * How many dead letters there are in the topic, counted by reading it; those of unfinished
   * batches do not count.
   */
  public static long count(Settings.Kafka settings) {
    Map<String, Object> config = new HashMap<>(KafkaClients.properties(settings));
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(settings.deadLetterTopic(), TIMEOUT).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
      long count = 0;
      while (partitions.stream().anyMatch(p -> consumer.position(p, TIMEOUT) < ends.get(p))) {
        count += consumer.poll(Duration.ofMillis(200)).count();
      }
      return count;
    }
  }

  @Override
  public void close() {
    producer.close(TIMEOUT);
  }
}
