package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * The identity of a topic: its name, and the id that Kafka gave it when it was created. A topic
 * that was deleted and created again has another id, and its offsets stand for other records.
 */
public record TopicIdentity(String topic, String topicId) {

  /**
   * Returns the topic of events as it is now; empty if it does not exist. @throws
   * org.apache.kafka.common.KafkaException in one line, if the brokers do not answer in time
   */
  public static Optional<TopicIdentity> find(Settings.Kafka settings) {
    String topic = settings.topic();
    return Optional.ofNullable(Topics.describe(settings, Set.of(topic)).get(topic))
        .map(description -> new TopicIdentity(topic, description.topicId().toString()));
  }
}
