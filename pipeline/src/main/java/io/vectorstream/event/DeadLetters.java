package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of the dead-letter topic (contract C4), exactly once. The dead letters of a batch and
 * the batch's identity go to Kafka in one transaction: the batch's number is an offset of a
 * consumer group named after the query, and its plan is that offset's metadata. A repeated batch
 * finds itself there and writes nothing. A batch with the same number and another plan comes from
 * an old checkpoint that was restored: it writes only those of its dead letters that are not in the
 * topic.
 */
public final class DeadLetters implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The brokers limit the size of a record, not this producer. */
  private static final int LARGEST_RECORD = 64 << 20;

  private static final int LONGEST_TRANSACTION_MS = 300_000;

  /** The mark after a plan: some partitions are not yet read past the topic's earlier records. */
  private static final String CATCHING_UP = " catching up";

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final Settings.Kafka settings;
  private final String group;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicPartition marker;

  /** The number and the plan of the last batch that was written. Null for none. */
  private OffsetAndMetadata lastBatch;

  /** The dead letters that other writers, or an earlier checkpoint of this query, wrote. */
  private final EarlierLetters earlier;

  /**
   * Fences off every other writer for the same query, and finds the last batch that was written.
   *
   * @param queryId the streaming query's id, which stays the same across restarts
   */
  public DeadLetters(Settings.Kafka settings, String queryId) {
    this.settings = settings;
    this.group = "vectorstream-" + queryId;
    this.marker = new TopicPartition(settings.deadLetterTopic(), 0);
    this.earlier = new EarlierLetters(settings);
    this.producer = producer(settings, group);
    try {
      producer.initTransactions();
      this.lastBatch = offsets(settings, group).get(marker);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /** Makes a producer of transactions, which may hold large records. */
  static KafkaProducer<byte[], byte[]> producer(Settings.Kafka settings, String transactionalId) {
    Map<String, Object> config = KafkaClients.properties(settings);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    // Large records take a while; Kafka's default of a minute would end the transaction too early.
    config.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, LONGEST_TRANSACTION_MS);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
    config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * LARGEST_RECORD);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Writes a batch's dead letters, unless an earlier try of the batch has done so. Their records
   * are read again from the topic of events and copied. After a failure this object can only be
   * {@link #close closed}: a new one has to find out whether the batch was written.
   *
   * @param number of the batch in its query
   * @param plan stands for the offsets that the batch ends at
   * @param deadLetters in the order of their partitions and offsets; all are taken before the
   *     transaction begins
   * @throws LostRecordException if a record is gone, unless the settings allow that
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
        abort(producer, e, committing);
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
   * Aborts the transaction; the failure that broke it is reported, not a failure to abort it. A
   * commit that got no answer in time may have succeeded, and Kafka does not allow to abort it: the
   * next object of this class waits for its end, and then reads whether it succeeded.
   */
  static void abort(
      KafkaProducer<byte[], byte[]> producer, RuntimeException cause, boolean committing) {
    if (committing && (cause instanceof TimeoutException || cause instanceof InterruptException)) {
      return;
    }
    try {
      producer.abortTransaction();
    } catch (KafkaException | IllegalStateException e) {
      cause.addSuppressed(e);
    }
  }

  /** A transaction that begins with the first dead letter that is sent. */
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
      producer.send(
          DeadLetterHeaders.letter(
              settings,
              settings.topic(),
              letter,
              record,
              "the record itself is gone",
              timestamp,
              failedAt));
      earlier.passed(letter);
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
              + "; to go on with a dead letter without bytes, set kafka.fail_on_data_loss to"
              + " false");
    }
    log.warn("{}; its dead letter has its place and reason, but no bytes", what);
  }

  /** Returns a group's committed offsets, once the outcome of every transaction is known. */
  static Map<TopicPartition, OffsetAndMetadata> offsets(Settings.Kafka settings, String group) {
    try (Admin admin = Admin.create(KafkaClients.properties(settings))) {
      return admin
          // Without this option, a transaction whose outcome is not known yet would look like none.
          .listConsumerGroupOffsets(
              group, new ListConsumerGroupOffsetsOptions().requireStable(true))
          .partitionsToOffsetAndMetadata()
          .get();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot read the offsets of " + group, e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Counts the dead letters in the topic by reading it; those of unfinished batches do not count.
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
