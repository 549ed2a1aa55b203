package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;

/**
 * The dead letters (contract C4) that were committed before this object was opened. They are read
 * as a stream and not kept: each may be as large as Kafka allows a record to be.
 */
public final class DeadLetterTopic implements AutoCloseable {

  private final Settings.Kafka settings;
  private final Uuid id;
  private final TopicReader reader;
  private ReplayMarks marks;

  private DeadLetterTopic(Settings.Kafka settings, TopicDescription topic) {
    this.settings = settings;
    this.id = topic.topicId();
    this.marks = ReplayMarks.read(settings, id);
    this.reader = new TopicReader(settings, topic);
  }

  /**
   * Opens the dead-letter topic.
   *
   * @throws KafkaException in one line: Kafka does not answer, or the topic does not exist
   */
  public static DeadLetterTopic open(Settings.Kafka settings) {
    return new DeadLetterTopic(settings, describe(settings));
  }

  /**
   * Describes the dead-letter topic.
   *
   * @throws KafkaException as {@link #open} does
   */
  static TopicDescription describe(Settings.Kafka settings) {
    String name = settings.deadLetterTopic();
    TopicDescription topic = Topics.describe(settings, Set.of(name)).get(name);
    if (topic == null) {
      throw new KafkaException(
          ("Kafka at %s has no topic %s: no pipeline has run there yet, or kafka.topic or"
                  + " kafka.dead_letter_topic names another one")
              .formatted(settings.bootstrapServers(), name));
    }
    return topic;
  }

  /** Returns the topic that records are replayed to, for callers that remove everything. */
  public static String replayedTopic(Settings.Kafka settings) {
    return ReplayMarks.topic(settings);
  }

  /**
   * Visits the dead letters, those of a partition in their order. A second call visits the same
   * letters again.
   *
   * @param visitor returns whether to continue
   * @throws KafkaException in one line, if the topic cannot be read or stops answering
   */
  public void read(DeadLetterFilter filter, Predicate<StoredDeadLetter> visitor) {
    reader.read(
        record -> {
          StoredDeadLetter letter = StoredDeadLetter.of(record);
          return !filter.matches(letter) || visitor.test(letter);
        });
  }

  /**
   * Visits some dead letters in the order given, with at most some megabytes, or one letter, in
   * memory. Letters that have expired are left out.
   */
  public void read(List<DeadLetterSurvey.Found> letters, Consumer<StoredDeadLetter> visitor) {
    reader.read(letters, visitor);
  }

  /** Returns the time of a dead letter's last replay; empty if it was never replayed. */
  public Optional<Instant> replayedAt(DeadLetterId letter) {
    return marks.replayedAt(letter);
  }

  /** Reads the marks of replays again. */
  void refreshMarks() {
    marks = ReplayMarks.read(settings, id);
  }

  /** Returns Kafka's own id of the topic: another one after it was deleted and created again. */
  Uuid id() {
    return id;
  }

  @Override
  public void close() {
    reader.close();
  }
}
