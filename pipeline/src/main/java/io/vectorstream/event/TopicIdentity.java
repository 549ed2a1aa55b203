package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What makes a topic the same topic: its name, and the id that Kafka gave it when it was made. One
 * that was deleted and made again has another id, and its offsets mean other records.
 */
public record TopicIdentity(String topic, String topicId) {

  /**
   * The topic of events as it is now; empty if it does not exist.
   *
   * @throws KafkaException in one line, if the brokers do not answer in time
   */
  public static Optional<TopicIdentity> find(Settings.Kafka settings) {
    long timeoutMs = settings.connectTimeout().toMillis();
    try (Admin admin = Admin.create(KafkaClients.impatient(settings))) {
      String id =
          admin
              .describeTopics(List.of(settings.topic()))
              .allTopicNames()
              .get(timeoutMs, TimeUnit.MILLISECONDS)
              .get(settings.topic())
              .topicId()
              .toString();
      return Optional.of(new TopicIdentity(settings.topic(), id));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw KafkaTrouble.with(settings, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw KafkaTrouble.with(settings, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
