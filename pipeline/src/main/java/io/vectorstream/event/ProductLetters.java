package io.vectorstream.event;

import com.google.common.hash.Hashing;
import io.vectorstream.config.Settings;
import io.vectorstream.event.ProductTopic.BrokenProduct;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of the dead letters of the products topic, exactly once: letters go to Kafka in one
 * transaction with the offsets that follow them, as those of a consumer group. Whatever is read
 * again from before these offsets has its letters in the topic.
 */
public final class ProductLetters implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProductLetters.class);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Settings.Kafka settings;
  private final String group;
  private KafkaProducer<byte[], byte[]> producer;

  /** The offsets before which all letters are written. */
  private Map<TopicPartition, OffsetAndMetadata> written = Map.of();

  /**
   * Asks nothing yet: most products topics have no broken record.
   *
   * @param topicId Kafka's id of the products topic
   * @param store the address and the collection that the products are stored in: other pipelines
   *     may read the same topic
   */
  public ProductLetters(Settings.Kafka settings, String topicId, String store) {
    this.settings = settings;
    this.group =
        "vectorstream-products-"
            + Hashing.farmHashFingerprint64()
                .hashString(topicId + " " + store, StandardCharsets.UTF_8);
  }

  /**
   * Writes the letters that are not written yet. After a failure this object can only be closed.
   *
   * @param next the offset of the next record to read, by partition
   * @return how many were written
   * @throws KafkaException if Kafka does not answer or refuses
   */
  public int write(List<BrokenProduct> letters, Map<Integer, Long> next) {
    if (letters.isEmpty()) {
      return 0;
    }
    open();
    List<BrokenProduct> missing = letters.stream().filter(letter -> !isWritten(letter)).toList();
    if (missing.isEmpty()) {
      return 0;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(written);
    next.forEach(
        (partition, offset) ->
            offsets.merge(
                new TopicPartition(settings.productsTopic(), partition),
                new OffsetAndMetadata(offset),
                (one, other) -> one.offset() > other.offset() ? one : other));
    Set<DeadLetter> tooLarge = new HashSet<>();
    boolean oneByOne = false;
    while (!send(missing, tooLarge, oneByOne, offsets)) {
      oneByOne = true;
    }
    if (!tooLarge.isEmpty()) {
      log.warn(
          "{} dead letters of topic {} have no bytes, because the records are larger than topic {} takes",
          tooLarge.size(),
          settings.productsTopic(),
          settings.deadLetterTopic());
    }
    written = offsets;
    return missing.size();
  }

  /**
   * Sends letters in one transaction.
   *
   * @param tooLarge those that go without their records; receives the next one that the topic does
   *     not take for its size
   * @param oneByOne whether to wait for each: Kafka gives the same reason for those that it has not
   *     sent yet when one is too large
   * @return whether they are written; if not, they have to be sent again, one by one
   */
  private boolean send(
      List<BrokenProduct> letters,
      Set<DeadLetter> tooLarge,
      boolean oneByOne,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    byte[] failedAt = Instant.now().toString().getBytes(StandardCharsets.UTF_8);
    boolean committing = false;
    producer.beginTransaction();
    try {
      for (BrokenProduct broken : letters) {
        Future<RecordMetadata> sent =
            producer.send(letter(broken, tooLarge.contains(broken.letter()), failedAt));
        if (oneByOne && isTooLarge(sent) && tooLarge.add(broken.letter())) {
          producer.abortTransaction();
          return false;
        }
      }
      producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(group));
      committing = true;
      producer.commitTransaction();
      return true;
    } catch (RuntimeException e) {
      DeadLetters.abort(producer, e, committing);
      if (!oneByOne && ExceptionUtils.indexOfType(e, RecordTooLargeException.class) >= 0) {
        return false;
      }
      throw e;
    }
  }

  private ProducerRecord<byte[], byte[]> letter(
      BrokenProduct broken, boolean tooLarge, byte[] failedAt) {
    return DeadLetterHeaders.letter(
        settings,
        settings.productsTopic(),
        broken.letter(),
        tooLarge ? null : broken.record(),
        "the record itself is larger than the dead-letter topic takes",
        Instant.ofEpochMilli(broken.record().timestamp()),
        failedAt);
  }

  /** Waits for the answer; any other failure is thrown by the producer's next call. */
  private static boolean isTooLarge(Future<RecordMetadata> sent) {
    try {
      sent.get();
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof RecordTooLargeException;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void open() {
    if (producer == null) {
      KafkaProducer<byte[], byte[]> opened = DeadLetters.producer(settings, group);
      try {
        // Ends every earlier writer; what it has committed is known from now on.
        opened.initTransactions();
        written = DeadLetters.offsets(settings, group);
      } catch (RuntimeException e) {
        opened.close(Duration.ZERO);
        throw e;
      }
      producer = opened;
    }
  }

  private boolean isWritten(BrokenProduct broken) {
    OffsetAndMetadata end =
        written.get(new TopicPartition(settings.productsTopic(), broken.letter().partition()));
    return end != null && broken.letter().offset() < end.offset();
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(TIMEOUT);
    }
  }
}
