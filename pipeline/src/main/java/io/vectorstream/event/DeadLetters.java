package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Iterators;
import io.vectorstream.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The dead-letter topic (contract C4), written once: the dead letters of a batch and the batch's
 * name go to Kafka in one transaction, its number as an offset of a consumer group named after the
 * query, its plan as that offset's metadata. A batch that is repeated finds itself there and writes
 * nothing. One of such a number with another plan is of an old checkpoint that was put back: it
 * writes those of its dead letters that are not in the topic.
 */
public final class DeadLetters implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** What is too large is for the brokers to say, not for this producer. */
  private static final int LARGEST_RECORD = 64 << 20;

  private final Settings.Kafka settings;
  private final String group;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicPartition marker;

  /** The last batch that was written: its number and its plan. Null for none. */
  private OffsetAndMetadata lastBatch;

  /** What lies in the topic already, where a lost checkpoint may bring the same records again. */
  private Set<Origin> before = Set.of();

  /** Where a record lay; with its time, because a topic made again counts from 0 again. */
  private record Origin(Integer partition, Long offset, Instant timestamp) {}

  /**
   * Fences off any other writer for the same query, and finds the last batch that was written. For
   * a query that has written none, reads where the dead letters of earlier queries came from.
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
      if (lastBatch == null) {
        before = origins();
      }
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /**
   * Writes a batch's dead letters, unless an earlier try of the batch has.
   *
   * @param number of the batch in its query
   * @param plan stands for the offsets that the batch ends at
   */
  public void write(long number, String plan, Iterator<DeadLetter> deadLetters) {
    if (lastBatch != null && number <= lastBatch.offset()) {
      if (number == lastBatch.offset() && plan.equals(lastBatch.metadata())) {
        return;
      }
      before = origins();
    }
    Iterator<DeadLetter> letters =
        Iterators.filter(deadLetters, letter -> !before.contains(origin(letter)));
    if (!letters.hasNext()) {
      return;
    }
    OffsetAndMetadata batch = new OffsetAndMetadata(number, plan);
    byte[] failedAt = Instant.now().toString().getBytes(UTF_8);
    producer.beginTransaction();
    try {
      while (letters.hasNext()) {
        producer.send(record(letters.next(), failedAt));
      }
      producer.sendOffsetsToTransaction(Map.of(marker, batch), new ConsumerGroupMetadata(group));
      producer.commitTransaction();
    } catch (KafkaException e) {
      abort(e);
      throw e;
    }
    lastBatch = batch;
  }

  /** What broke the transaction is what matters, not that it cannot be aborted either. */
  private void abort(KafkaException cause) {
    try {
      producer.abortTransaction();
    } catch (KafkaException e) {
      cause.addSuppressed(e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(DeadLetter letter, byte[] failedAt) {
    List<Header> headers = new ArrayList<>();
    headers.add(header(DeadLetterHeaders.REASON, letter.reason()));
    headers.add(header(DeadLetterHeaders.DETAIL, letter.detail()));
    headers.add(header(DeadLetterHeaders.TOPIC, settings.topic()));
    headers.add(header(DeadLetterHeaders.PARTITION, Integer.toString(letter.partition())));
    headers.add(header(DeadLetterHeaders.OFFSET, Long.toString(letter.offset())));
    headers.add(header(DeadLetterHeaders.TIMESTAMP, timestamp(letter).toString()));
    headers.add(new RecordHeader(DeadLetterHeaders.FAILED_AT, failedAt));
    return new ProducerRecord<>(
        settings.deadLetterTopic(), null, null, letter.key(), letter.value(), headers);
  }

  private static Instant timestamp(DeadLetter letter) {
    return Instant.ofEpochMilli(letter.receivedAtMicros() / 1000);
  }

  private static Origin origin(DeadLetter letter) {
    return new Origin(letter.partition(), letter.offset(), timestamp(letter));
  }

  private Set<Origin> origins() {
    Set<Origin> origins = new HashSet<>();
    forEach(
        settings,
        letter -> origins.add(new Origin(letter.partition(), letter.offset(), letter.timestamp())));
    return origins;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private OffsetAndMetadata lastBatch() {
    try (Admin admin = Admin.create(KafkaClients.properties(settings))) {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .get(marker);
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
    LongAdder count = new LongAdder();
    forEach(settings, letter -> count.increment());
    return count.sum();
  }

  private static void forEach(Settings.Kafka settings, Consumer<StoredDeadLetter> action) {
    String topic = settings.deadLetterTopic();
    TopicDescription description = Topics.describe(settings, Set.of(topic)).get(topic);
    if (description == null) {
      return;
    }
    try (TopicReader reader = new TopicReader(settings, description)) {
      reader.read(
          record -> {
            action.accept(StoredDeadLetter.of(record));
            return true;
          });
    }
  }

  @Override
  public void close() {
    producer.close(TIMEOUT);
  }
}
