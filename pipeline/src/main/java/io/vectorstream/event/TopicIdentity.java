package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * What makes a topic the same topic: its name, and the id that Kafka gave it when it was made. One
 * that was deleted and made again has another id, and its offsets mean other records.
 */
public record TopicIdentity(String topic, String topicId) {

  /**
   * The topic of events as it is now; empty if it does not exist.
   *
   * @throws org.apache.kafka.common.KafkaException in one line, if the brokers do not answer in
   *     time
   */
  public static Optional<TopicIdentity> find(Settings.Kafka settings) {
    String topic = settings.topic();
    return Optional.ofNullable(Topics.describe(settings, Set.of(topic)).get(topic))
        .map(description -> new TopicIdentity(topic, description.topicId().toString()));
  }
}
