package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final int LONGEST_TRANSACTION_MS = 300_000;

  /**
   * Behind a plan: not every partition has been read past what was in the topic before the query.
   */
  private static final String CATCHING_UP = " catching up";

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final Settings.Kafka settings;
  private final String group;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicPartition marker;

  /** The last batch that was written: its number and its plan. Null for none. */
  private OffsetAndMetadata lastBatch;

  /** What others wrote to the topic, or an earlier checkpoint of this query. */
  private final EarlierLetters earlier;

  /**
   * Fences off any other writer for the same query, and finds the last batch that was written.
   *
   * @param queryId the streaming query's id, which outlives restarts
   */
  public DeadLetters(Settings.Kafka settings, String queryId) {
    this.settings = settings;
    this.group = "vectorstream-" + queryId;
    this.marker = new TopicPartition(settings.deadLetterTopic(), 0);
    this.earlier = new EarlierLetters(settings);
    Map<String, Object> config = KafkaClients.properties(settings);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
    // Large records take a while; Kafka's own minute would end the transaction under them.
    config.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, LONGEST_TRANSACTION_MS);
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

  /**
   * Writes a batch's dead letters, unless an earlier try of the batch has: their records are read
   * once more from the topic of events and copied. After a failure this is of no use any more, but
   * for {@link #close}: another one has to find out what became of the batch.
   *
   * @param number of the batch in its query
   * @param plan stands for the offsets that the batch ends at
   * @param deadLetters in the order of their partitions and offsets; all are taken before the
   *     transaction begins
   * @throws LostRecordException if a record is gone, unless the settings say to go on
   * @throws KafkaException if Kafka does not answer or refuses
   */
  public void write(long number, String plan, Iterator<DeadLetter> deadLetters) {
    boolean isRepeated = lastBatch != null && number <= lastBatch.offset();
    if (isRepeated && number == lastBatch.offset() && plan.equals(planOf(lastBatch))) {
      return;
    }
    boolean mayBeThere = isRepeated || lastBatch == null || isCatchingUp(lastBatch);
    try (DeadLetterFile letters = DeadLetterFile.of(deadLetters)) {
      earlier.lookFor(letters, mayBeThere);
      send(letters, number, plan);
    }
  }

  private void send(DeadLetterFile letters, long number, String plan) {
    Transaction transaction = new Transaction(Instant.now());
    boolean committing = false;
    try (SourceRecords records = new SourceRecords(settings)) {
      letters.forEach(letter -> transaction.send(letter, records));
      if (!transaction.begun) {
        return;
      }
      String metadata = earlier.isLeftBehind() ? plan : plan + CATCHING_UP;
      OffsetAndMetadata batch = new OffsetAndMetadata(number, metadata);
      producer.sendOffsetsToTransaction(Map.of(marker, batch), new ConsumerGroupMetadata(group));
      committing = true;
      producer.commitTransaction();
      lastBatch = batch;
    } catch (RuntimeException e) {
      if (transaction.begun) {
        abort(e, committing);
      }
      throw e;
    }
  }

  private static String planOf(OffsetAndMetadata batch) {
    return isCatchingUp(batch)
        ? batch.metadata().substring(0, batch.metadata().length() - CATCHING_UP.length())
        : batch.metadata();
  }

  private static boolean isCatchingUp(OffsetAndMetadata batch) {
    return batch.metadata().endsWith(CATCHING_UP);
  }

  /**
   * What broke the transaction is what matters, not that it cannot be aborted either. A commit that
   * was not answered in time may have happened, and Kafka lets nobody abort it: the next one of
   * these waits for its end, and then reads whether it did.
   */
  private void abort(RuntimeException cause, boolean committing) {
    if (committing && (cause instanceof TimeoutException || cause instanceof InterruptException)) {
      return;
    }
    try {
      producer.abortTransaction();
    } catch (KafkaException | IllegalStateException e) {
      cause.addSuppressed(e);
    }
  }

  /** One that begins with the first dead letter that is sent. */
  private final class Transaction {
    private final byte[] failedAt;
    private boolean begun;

    Transaction(Instant now) {
      this.failedAt = now.toString().getBytes(UTF_8);
    }

    void send(DeadLetter letter, SourceRecords records) {
      ConsumerRecord<byte[], byte[]> record =
          records.at(letter.partition(), letter.offset()).orElse(null);
      Instant timestamp =
          Instant.ofEpochMilli(
              record == null ? Math.floorDiv(letter.receivedAtMicros(), 1000) : record.timestamp());
      if (earlier.has(letter, timestamp)) {
        return;
      }
      if (record == null) {
        lost(letter);
      }
      if (!begun) {
        producer.beginTransaction();
        begun = true;
      }
      producer.send(copy(letter, record, timestamp));
      earlier.passed(letter);
    }

    private ProducerRecord<byte[], byte[]> copy(
        DeadLetter letter, ConsumerRecord<byte[], byte[]> record, Instant timestamp) {
      List<Header> headers = new ArrayList<>();
      if (record != null) {
        record.headers().forEach(headers::add);
      }
      String detail =
          record == null ? letter.detail() + "; the record itself is gone" : letter.detail();
      headers.add(header(DeadLetterHeaders.REASON, letter.reason()));
      headers.add(header(DeadLetterHeaders.DETAIL, detail));
      headers.add(header(DeadLetterHeaders.TOPIC, settings.topic()));
      headers.add(header(DeadLetterHeaders.PARTITION, Integer.toString(letter.partition())));
      headers.add(header(DeadLetterHeaders.OFFSET, Long.toString(letter.offset())));
      headers.add(header(DeadLetterHeaders.TIMESTAMP, timestamp.toString()));
      headers.add(new RecordHeader(DeadLetterHeaders.FAILED_AT, failedAt));
      return new ProducerRecord<>(
          settings.deadLetterTopic(),
          null,
          null,
          record == null ? null : record.key(),
          record == null ? null : record.value(),
          headers);
    }
  }

  private void lost(DeadLetter letter) {
    String what =
        "the record at offset %d of partition %d of topic %s, which is a dead letter (%s), expired before it was copied to topic %s"
            .formatted(
                letter.offset(),
                letter.partition(),
                settings.topic(),
                letter.reason(),
                settings.deadLetterTopic());
    if (settings.failOnDataLoss()) {
      throw new LostRecordException(
          what
              + "; to go on with a dead letter without bytes, set kafka.fail_on_data_loss to false");
    }
    log.warn("{}; its dead letter has its place and reason, but no bytes", what);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private OffsetAndMetadata lastBatch() {
    try (Admin admin = Admin.create(KafkaClients.properties(settings))) {
      return admin
          // Without it, a transaction whose outcome is not known yet would look like none.
          .listConsumerGroupOffsets(
              group, new ListConsumerGroupOffsetsOptions().requireStable(true))
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

  static void forEach(Settings.Kafka settings, Consumer<StoredDeadLetter> action) {
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
