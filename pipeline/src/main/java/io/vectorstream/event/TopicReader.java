package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A reader of the committed records of a topic, up to its end when the reader was opened. It can
 * read the topic several times. Only records that Kafka's client reads ahead are in memory.
 */
final class TopicReader implements AutoCloseable {

  /** Longer than any pause of a healthy broker. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(200);

  /** The largest distance of two records at which reading on is cheaper than asking again. */
  private static final int NEAR = 1_000;

  private static final long CHUNK_BYTES = 32L << 20;

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> ends;

  /**
   * @throws KafkaException in one line, if the topic cannot be read
   */
  TopicReader(Settings.Kafka settings, TopicDescription description) {
    this.topic = description.name();
    Map<String, Object> config = KafkaClients.properties(settings);
    KafkaClients.readCommitted(config);
    // Records may expire during reading; the reader continues with the next ones.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // No caller waits here for new records: without this, turning back from the end takes 500 ms.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.partitions =
        description.partitions().stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    try {
      // With read_committed the end is before the first open transaction, so waiting for it ends.
      this.ends = consumer.endOffsets(partitions, LONGEST_SILENCE);
    } catch (KafkaException e) {
      consumer.close();
      throw unreadable(e);
    }
  }

  /**
   * Visits the records from the topic's beginning, those of a partition in their order.
   *
   * @param visitor returns whether to continue
   * @throws KafkaException in one line, if the topic cannot be read or stops answering
   */
  void read(Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    readUntil(ends, visitor);
  }

  /**
   * Visits the records from these offsets on, by partition; a partition that now ends before its
   * offset, or is not in the map, is read from its beginning.
   *
   * @throws KafkaException in one line, if the topic cannot be read or stops answering
   */
  void read(Map<Integer, Long> starts, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      Long start = starts.get(partition.partition());
      if (start == null || start > ends.get(partition)) {
        consumer.seekToBeginning(Set.of(partition));
      } else {
        consumer.seek(partition, start);
      }
    }
    readUntil(ends, visitor);
  }

  /** Returns the offset of the first record that still exists, by partition. */
  Map<Integer, Long> beginnings() {
    try {
      return byNumber(consumer.beginningOffsets(partitions, LONGEST_SILENCE));
    } catch (KafkaException e) {
      throw unreadable(e);
    }
  }

  /** Returns the end of each partition at the time when this reader was opened. */
  Map<Integer, Long> ends() {
    return byNumber(ends);
  }

  private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
    return offsets.entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
  }

  /**
   * Visits some dead letters in the order given, with at most {@value #CHUNK_BYTES} bytes, or one
   * letter, in memory; letters that have expired are left out.
   *
   * @throws KafkaException in one line, if the topic cannot be read or stops answering
   */
  void read(List<DeadLetterSurvey.Found> letters, Consumer<StoredDeadLetter> visitor) {
    List<DeadLetterId> chunk = new ArrayList<>();
    long bytes = 0;
    for (DeadLetterSurvey.Found letter : letters) {
      if (bytes + letter.bytes() > CHUNK_BYTES && !chunk.isEmpty()) {
        readChunk(chunk, visitor);
        chunk.clear();
        bytes = 0;
      }
      chunk.add(letter.id());
      bytes += letter.bytes();
    }
    readChunk(chunk, visitor);
  }

  private void readChunk(List<DeadLetterId> letters, Consumer<StoredDeadLetter> visitor) {
    Map<DeadLetterId, ConsumerRecord<byte[], byte[]>> found = pick(new TreeSet<>(letters));
    letters.stream()
        .map(found::get)
        .filter(Objects::nonNull)
        .map(StoredDeadLetter::of)
        .forEach(visitor);
  }

  /** Offsets of one partition, from {@code start} to before {@code stop}. */
  private record Range(long start, long stop) {}

  /** Returns the records at these places, all in memory; records that have expired are missing. */
  private Map<DeadLetterId, ConsumerRecord<byte[], byte[]>> pick(SortedSet<DeadLetterId> places) {
    Map<DeadLetterId, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
    Map<TopicPartition, Deque<Range>> ranges = ranges(places);
    while (!ranges.isEmpty()) {
      Map<TopicPartition, Long> stops = new HashMap<>();
      consumer.assign(ranges.keySet());
      ranges.forEach(
          (partition, left) -> {
            Range range = left.remove();
            consumer.seek(partition, range.start());
            stops.put(partition, range.stop());
          });
      ranges.values().removeIf(Collection::isEmpty);
      readUntil(
          stops,
          record -> {
            DeadLetterId place = new DeadLetterId(record.partition(), record.offset());
            if (places.contains(place)) {
              found.put(place, record);
            }
            return true;
          });
    }
    return found;
  }

  /** Returns ranges of places that lie near to each other, in their order. */
  private Map<TopicPartition, Deque<Range>> ranges(SortedSet<DeadLetterId> places) {
    Map<TopicPartition, Deque<Range>> ranges = new HashMap<>();
    for (DeadLetterId place : places) {
      Deque<Range> before =
          ranges.computeIfAbsent(
              new TopicPartition(topic, place.partition()), any -> new ArrayDeque<>());
      long stop = place.offset() + 1;
      if (!before.isEmpty() && place.offset() - before.getLast().stop() <= NEAR) {
        before.add(new Range(before.removeLast().start(), stop));
      } else {
        before.add(new Range(place.offset(), stop));
      }
    }
    return ranges;
  }

  private void readUntil(
      Map<TopicPartition, Long> stops, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
    consumer.resume(stops.keySet());
    Silence silence = new Silence();
    // Markers of transactions take up offsets, so this checks the positions and not the records.
    while (!pauseRead(stops)) {
      for (ConsumerRecord<byte[], byte[]> record : poll()) {
        TopicPartition partition = new TopicPartition(topic, record.partition());
        if (record.offset() < stops.get(partition) && !visitor.test(record)) {
          return;
        }
      }
      silence.check(stops.keySet().stream().mapToLong(this::position).sum());
    }
  }

  /** Pauses the partitions that have been read; returns whether all have been. */
  private boolean pauseRead(Map<TopicPartition, Long> stops) {
    List<TopicPartition> read =
        stops.keySet().stream()
            .filter(partition -> position(partition) >= stops.get(partition))
            .toList();
    consumer.pause(read);
    return read.size() == stops.size();
  }

  private long position(TopicPartition partition) {
    try {
      return consumer.position(partition, LONGEST_SILENCE);
    } catch (KafkaException e) {
      throw unreadable(e);
    }
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(POLL);
    } catch (KafkaException e) {
      throw unreadable(e);
    }
  }

  private KafkaException unreadable(KafkaException e) {
    return new KafkaException("topic " + topic + " cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    consumer.close();
  }

  /** A limit on the time without progress, after which the reading fails. */
  private final class Silence {
    private long progress = -1;
    private long since;

    void check(long progressNow) {
      long now = System.nanoTime();
      if (progressNow != progress) {
        progress = progressNow;
        since = now;
      } else if (now - since > LONGEST_SILENCE.toNanos()) {
        throw new KafkaException(
            "topic %s cannot be read: Kafka gave nothing for %d s"
                .formatted(topic, LONGEST_SILENCE.toSeconds()));
      }
    }
  }
}
