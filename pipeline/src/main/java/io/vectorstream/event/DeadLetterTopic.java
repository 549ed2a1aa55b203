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
 * The dead letters (contract C4) that were committed when this was opened, read as a stream and
 * never held: each may be as large as Kafka lets a record be.
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
   * @throws KafkaException in one line: Kafka does not answer, the topic is not there
   */
  public static DeadLetterTopic open(Settings.Kafka settings) {
    return new DeadLetterTopic(settings, describe(settings));
  }

  /**
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

  /** The topic of what is replayed from here, for who removes everything. */
  public static String replayedTopic(Settings.Kafka settings) {
    return ReplayMarks.topic(settings);
  }

  /**
   * Visits the dead letters, those of a partition in their order. Can be done again, and comes by
   * the same ones.
   *
   * @param visitor returns whether to go on
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
   * Visits some of them in the order given, with some megabytes or one of them in memory; those
   * that have expired are left out.
   */
  public void read(List<DeadLetterSurvey.Found> letters, Consumer<StoredDeadLetter> visitor) {
    reader.read(letters, visitor);
  }

  /** When a dead letter was replayed last; empty if it never was. */
  public Optional<Instant> replayedAt(DeadLetterId letter) {
    return marks.replayedAt(letter);
  }

  /** Reads anew which were replayed. */
  void refreshMarks() {
    marks = ReplayMarks.read(settings, id);
  }

  /** Kafka's own id of the topic: another one when it was deleted and made again. */
  Uuid id() {
    return id;
  }

  @Override
  public void close() {
    reader.close();
  }
}
