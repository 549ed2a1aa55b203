package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vectorstream.config.Settings;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The marks of dead letters that were replayed, and when: a compacted topic beside the dead-letter
 * topic. A mark's key is the dead letter's own {@code partition:offset}, its value the time in
 * ISO-8601; it also names the dead-letter topic's id, because a topic that is deleted and created
 * again starts its offsets again.
 *
 * <p>All marks are in memory, some 150 bytes each.
 */
final class ReplayMarks {
  private static final String SUFFIX = "-replayed";
  private static final String TOPIC_ID = "topic_id";

  private final Map<DeadLetterId, Instant> replayedAt = new HashMap<>();

  private ReplayMarks() {}

  /** Returns the topic that contains the marks. */
  static String topic(Settings.Kafka settings) {
    return settings.deadLetterTopic() + SUFFIX;
  }

  /**
   * Reads the marks that are committed.
   *
   * @param deadLetters the id of the dead-letter topic that they are for
   */
  static ReplayMarks read(Settings.Kafka settings, Uuid deadLetters) {
    ReplayMarks marks = new ReplayMarks();
    marks.replayedAt.putAll(readNew(settings, deadLetters, new HashMap<>()));
    return marks;
  }

  /**
   * Reads the marks that were committed since the last call.
   *
   * @param deadLetters the id of the dead-letter topic that they are for
   * @param next the offsets to read next, by partition; moved to the present end of the topic
   */
  static Map<DeadLetterId, Instant> readNew(
      Settings.Kafka settings, Uuid deadLetters, Map<Integer, Long> next) {
    ReplayMarks marks = new ReplayMarks();
    TopicDescription topic =
        Topics.describe(settings, Set.of(topic(settings))).get(topic(settings));
    if (topic != null) {
      try (TopicReader reader = new TopicReader(settings, topic)) {
        reader.read(
            Map.copyOf(next),
            record -> {
              marks.add(record, deadLetters);
              return true;
            });
        next.putAll(reader.ends());
      }
    }
    return marks.replayedAt;
  }

  static ProducerRecord<byte[], byte[]> mark(
      Settings.Kafka settings, Uuid deadLetters, DeadLetterId id, Instant now) {
    return new ProducerRecord<>(
        topic(settings),
        null,
        null,
        id.toString().getBytes(UTF_8),
        now.toString().getBytes(UTF_8),
        List.of(new RecordHeader(TOPIC_ID, deadLetters.toString().getBytes(UTF_8))));
  }

  private void add(ConsumerRecord<byte[], byte[]> mark, Uuid deadLetters) {
    Header topicId = mark.headers().lastHeader(TOPIC_ID);
    if (topicId == null
        || !new String(topicId.value(), UTF_8).equals(deadLetters.toString())
        || mark.key() == null
        || mark.value() == null) {
      return;
    }
    try {
      replayedAt.put(
          DeadLetterId.parse(new String(mark.key(), UTF_8)),
          Instant.parse(new String(mark.value(), UTF_8)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalStateException(
          "topic %s has a record that is no mark of a replay, at offset %d; expected only such marks"
              .formatted(mark.topic(), mark.offset()),
          e);
    }
  }

  Optional<Instant> replayedAt(DeadLetterId id) {
    return Optional.ofNullable(replayedAt.get(id));
  }
}
