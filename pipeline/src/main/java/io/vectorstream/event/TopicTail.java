package io.vectorstream.event;

import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed records of the topic of events as they come, read as batches read them. It has no
 * group and commits nothing, so any number of processes can follow a topic. One thread uses it.
 */
public final class TopicTail implements AutoCloseable {

  /** The longest time in which a broker with few new records answers. */
  private static final int FETCH_WAIT_MS = 40;

  /** The bytes that it need not wait for more with: an answer for each record would cost much. */
  private static final int FETCH_BYTES = 64 << 10;

  /** The time after which the batch of a record is planned; clocks differ by less. */
  private static final long LATER_MS = 5_000;

  private final String topic;
  private final Optional<RecordReader> reader;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * @param reader of records that are not events in plain JSON
   */
  public TopicTail(Settings.Kafka settings, Optional<RecordReader> reader) {
    this.reader = reader;
    this.topic = settings.topic();
    Map<String, Object> config = KafkaClients.impatient(settings);
    KafkaClients.readCommitted(config);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // A topic that is deleted stays so.
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
    config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_BYTES);
    KafkaClients.askRarely(config);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Goes on at these offsets, by partition; other partitions are not read any more. */
  public void readFrom(Map<Integer, Long> offsets) {
    consumer.assign(offsets.keySet().stream().map(this::partition).toList());
    offsets.forEach((partition, offset) -> consumer.seek(partition(partition), offset));
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(topic, number);
  }

  /**
   * Returns what becomes of the next records, of each a list; those of a partition in their order;
   * none if none comes in time.
   *
   * @throws org.apache.kafka.common.KafkaException if an offset is not there any more, or the topic
   *     cannot be read
   */
  public List<List<ParsedRecord>> poll(Duration atMost) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(atMost);
    long plannedAtMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() + LATER_MS);
    List<List<ParsedRecord>> parsed = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      parsed.add(parse(record, plannedAtMicros));
    }
    return parsed;
  }

  /** Parses a record as a batch does that is planned at this time. */
  private List<ParsedRecord> parse(ConsumerRecord<byte[], byte[]> record, long plannedAtMicros) {
    long claimed = TimeUnit.MILLISECONDS.toMicros(RecordTimes.storable(record.timestamp()));
    List<ParsedRecord> parsed =
        reader
            .map(of -> of.read(IncomingRecord.of(record, claimed)))
            .orElseGet(() -> List.of(plain(record, claimed)));
    return Lists.transform(
        parsed,
        one ->
            one instanceof ShopEvent event
                ? event.takenAt(RecordTimes.takenAt(claimed, plannedAtMicros))
                : one);
  }

  private static ParsedRecord plain(ConsumerRecord<byte[], byte[]> record, long claimed) {
    try {
      return StrictEventParser.parse(record.value(), record.partition(), record.offset(), claimed);
    } catch (RuntimeException e) {
      return DeadLetter.of(record.partition(), record.offset(), claimed, "reading it", e);
    }
  }

  /** Returns the offset of the next record, by partition. */
  public Map<Integer, Long> positions() {
    return consumer.assignment().stream()
        .collect(Collectors.toMap(TopicPartition::partition, consumer::position));
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(1));
  }
}
