package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed records of the products topic, from offsets that its caller keeps. One thread uses
 * it.
 */
public final class ProductTopic implements AutoCloseable {

  /** The records of one {@link #poll}, at most. */
  private static final int MOST_RECORDS = 2_000;

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;

  public ProductTopic(Settings.Kafka settings) {
    this.topic = settings.productsTopic();
    Map<String, Object> config = KafkaClients.properties(settings);
    KafkaClients.readCommitted(config);
    // What has expired, or was compacted away, is not needed: a later version of it is there.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
    KafkaClients.askRarely(config);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * The next records, those of a partition in their order.
   *
   * @param products what is to be stored
   * @param letters the records that are no products
   * @param next the offset of the next record of each partition
   * @param sources the records that the products were read from
   */
  public record Polled(
      List<ProductRecord> products,
      List<BrokenProduct> letters,
      Map<Integer, Long> next,
      Map<ProductRecord, ConsumerRecord<byte[], byte[]>> sources) {

    /** Returns how many records there are. */
    public int size() {
      return products.size() + letters.size();
    }

    /** Returns the dead letter of a product for which a step fails, such as "storing it". */
    public BrokenProduct failed(ProductRecord product, String step, RuntimeException fault) {
      return broken(sources.get(product), step, fault);
    }
  }

  /** A record that is no product, and why. */
  public record BrokenProduct(DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {}

  /** Goes on at these offsets, by partition; other partitions are not read any more. */
  public void readFrom(Map<Integer, Long> offsets) {
    consumer.assign(
        offsets.keySet().stream().map(number -> new TopicPartition(topic, number)).toList());
    offsets.forEach(
        (partition, offset) -> consumer.seek(new TopicPartition(topic, partition), offset));
  }

  /**
   * Returns the next records; none if none comes in time.
   *
   * @throws KafkaException if the topic cannot be read
   */
  public Polled poll(Duration atMost) {
    List<ProductRecord> products = new ArrayList<>();
    List<BrokenProduct> letters = new ArrayList<>();
    Map<ProductRecord, ConsumerRecord<byte[], byte[]>> sources = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
      try {
        ProductRecord product = ProductParser.parse(record);
        products.add(product);
        sources.put(product, record);
      } catch (BrokenRecordException e) {
        letters.add(broken(record, e.reason(), e.getMessage()));
      } catch (RuntimeException e) {
        letters.add(broken(record, "reading it", e));
      }
    }
    return new Polled(products, letters, positions(), sources);
  }

  private static BrokenProduct broken(
      ConsumerRecord<byte[], byte[]> record, String step, RuntimeException fault) {
    return new BrokenProduct(
        DeadLetter.of(record.partition(), record.offset(), takenAtMicros(record), step, fault),
        record);
  }

  private static BrokenProduct broken(
      ConsumerRecord<byte[], byte[]> record, Reason reason, String detail) {
    return new BrokenProduct(
        new DeadLetter(
            record.partition(), record.offset(), takenAtMicros(record), reason.code(), detail),
        record);
  }

  private static long takenAtMicros(ConsumerRecord<byte[], byte[]> record) {
    return TimeUnit.MILLISECONDS.toMicros(RecordTimes.storable(record.timestamp()));
  }

  private Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      positions.put(partition.partition(), consumer.position(partition));
    }
    return positions;
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(1));
  }
}
