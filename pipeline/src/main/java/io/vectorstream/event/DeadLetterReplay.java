package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The replay of records that became dead letters: byte for byte, with their own headers and without
 * those of a dead letter. One Kafka transaction writes the records and the marks of their replay,
 * so each dead letter is replayed at most once, even if the replay is interrupted. A replay that
 * starts later takes over: the earlier one cannot commit any more.
 */
public final class DeadLetterReplay implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The most records in a transaction, which must end well within Kafka's limit of a minute. */
  private static final int CHUNK_RECORDS = 1_000;

  private static final long CHUNK_BYTES = 16L << 20;

  /** The source topic limits the size of records; a record that came from there fits there. */
  private static final int LARGEST_RECORD = 100 << 20;

  private final Settings.Kafka settings;
  private final DeadLetterTopic letters;
  private final String target;
  private final Set<String> compacted;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<FailedReplay> failure = new AtomicReference<>();
  private volatile boolean stopRequested;
  private boolean committing;
  private long committed;
  private volatile long withoutKey;
  private int chunkRecords;
  private long chunkBytes;

  private record FailedReplay(DeadLetterId letter, String target, Exception cause) {}

  private DeadLetterReplay(Settings.Kafka settings, DeadLetterTopic letters, String target) {
    this.settings = settings;
    this.letters = letters;
    this.target = target;
    this.compacted =
        Topics.compacted(settings, target == null ? settings.readTopics() : Set.of(target));
    Map<String, Object> config = KafkaClients.properties(settings);
    config.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
        "vectorstream-replay-" + settings.deadLetterTopic());
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, LARGEST_RECORD + (16L << 20));
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Prepares a replay, and ends every earlier replay of this dead-letter topic.
   *
   * @param target the topic that the records are sent to; null for the one that each came from, if
   *     it is one that the pipeline reads, and otherwise the topic of events
   * @throws KafkaException in one line, if Kafka refuses
   * @throws IllegalArgumentException if the target does not exist or cannot take records
   */
  public static DeadLetterReplay open(
      Settings.Kafka settings, DeadLetterTopic letters, String target) {
    checkTarget(settings, target);
    Topics.ensureCompacted(settings, ReplayMarks.topic(settings));
    DeadLetterReplay replay = new DeadLetterReplay(settings, letters, target);
    try {
      replay.producer.initTransactions();
      // At this point and not earlier: everything that the earlier replay committed is visible, and
      // it can commit nothing more.
      letters.refreshMarks();
      return replay;
    } catch (KafkaException e) {
      replay.close();
      throw new KafkaException("dead letters cannot be replayed: " + e.getMessage(), e);
    }
  }

  /**
   * Checks that records can be replayed to a topic.
   *
   * @param target null for the topics that the pipeline reads
   * @throws IllegalArgumentException if they cannot
   */
  public static void checkTarget(Settings.Kafka settings, String target) {
    if (target == null) {
      settings.readTopics().forEach(topic -> checkTarget(settings, topic));
      return;
    }
    if (target.equals(settings.deadLetterTopic()) || target.equals(ReplayMarks.topic(settings))) {
      throw new IllegalArgumentException(
          "dead letters cannot be replayed to %s, which belongs to the dead letters themselves"
              .formatted(target));
    }
    if (!Topics.describe(settings, Set.of(target)).containsKey(target)) {
      throw new IllegalArgumentException(
          "Kafka at %s has no topic %s to replay dead letters to"
              .formatted(settings.bootstrapServers(), target));
    }
  }

  /**
   * Replays the dead letters that match.
   *
   * @param again also dead letters that were replayed before
   * @param progress receives the number of replayed records after each transaction
   * @return the number of replayed records
   * @throws KafkaException in one line, if the replay cannot continue; the records reported to
   *     {@code progress} stay replayed
   */
  public long run(DeadLetterFilter filter, boolean again, LongConsumer progress) {
    try {
      letters.read(
          filter,
          letter -> {
            if (stopRequested) {
              return false;
            }
            if (again || letters.replayedAt(letter.id()).isEmpty()) {
              add(letter, progress);
            }
            return true;
          });
      commit(progress);
      return committed;
    } catch (KafkaException e) {
      throw aborted(e);
    }
  }

  /** Makes {@link #run} commit its sent records, and return. Called by other threads. */
  public void stop() {
    stopRequested = true;
  }

  /**
   * Returns how many letters were left out, because they have no key and their topic is compacted:
   * Kafka takes none there, and none of them is worth more, as it names nothing.
   */
  public long withoutKey() {
    return withoutKey;
  }

  private void add(StoredDeadLetter letter, LongConsumer progress) {
    if (letter.key() == null && compacted.contains(targetOf(letter))) {
      withoutKey++;
      return;
    }
    if (chunkRecords == 0) {
      producer.beginTransaction();
    }
    send(
        letter.id(),
        new ProducerRecord<>(
            targetOf(letter), null, null, letter.key(), letter.value(), letter.headers()));
    send(letter.id(), ReplayMarks.mark(settings, letters.id(), letter.id(), Instant.now()));
    chunkRecords++;
    chunkBytes += letter.value() == null ? 0 : letter.value().length;
    if (chunkRecords == CHUNK_RECORDS || chunkBytes >= CHUNK_BYTES) {
      commit(progress);
    }
  }

  private String targetOf(StoredDeadLetter letter) {
    if (target != null) {
      return target;
    }
    return settings.readTopics().contains(letter.topic()) ? letter.topic() : settings.topic();
  }

  private void send(DeadLetterId letter, ProducerRecord<byte[], byte[]> record) {
    producer.send(
        record,
        (metadata, e) -> {
          if (e != null) {
            failure.compareAndSet(null, new FailedReplay(letter, record.topic(), e));
          }
        });
  }

  private void commit(LongConsumer progress) {
    if (chunkRecords == 0) {
      return;
    }
    committing = true;
    try {
      producer.commitTransaction();
    } catch (TimeoutException e) {
      // Kafka requires the same call again: the earlier one may have succeeded meanwhile.
      producer.commitTransaction();
    }
    committing = false;
    committed += chunkRecords;
    chunkRecords = 0;
    chunkBytes = 0;
    progress.accept(committed);
  }

  private KafkaException aborted(KafkaException e) {
    try {
      if (chunkRecords > 0 && !isUnanswered(e)) {
        producer.abortTransaction();
      }
    } catch (KafkaException | IllegalStateException suppressed) {
      // Kafka aborts the transaction itself, at the latest when the next replay begins.
      e.addSuppressed(suppressed);
    }
    String before = "%,d had been replayed by then".formatted(committed);
    if (isFenced(e)) {
      return new KafkaException(
          "another replay of %s was started and has taken over; this one has stopped, %s"
              .formatted(settings.deadLetterTopic(), before),
          e);
    }
    if (isUnanswered(e)) {
      return new KafkaException(
          "Kafka did not say whether it committed the last %,d dead letters, %s; start the replay again: it goes on with those that are due"
              .formatted(chunkRecords, before),
          e);
    }
    FailedReplay first = failure.get();
    return new KafkaException(
        first == null
            ? "the replay has stopped, %s: %s".formatted(before, e.getMessage())
            : "the replay has stopped at the dead letter %s, which cannot be sent to %s: %s; %s"
                .formatted(first.letter(), first.target(), first.cause().getMessage(), before),
        e);
  }

  /** Returns whether a commit got no answer: it may have succeeded, so it must not be aborted. */
  private boolean isUnanswered(KafkaException e) {
    return committing && (e instanceof TimeoutException || e instanceof InterruptException);
  }

  private boolean isFenced(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return true;
      }
      for (Throwable suppressed : cause.getSuppressed()) {
        if (isFenced(suppressed)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void close() {
    producer.close(TIMEOUT);
  }
}
