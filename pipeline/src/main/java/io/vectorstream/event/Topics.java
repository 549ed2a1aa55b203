package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that the pipeline needs. */
public final class Topics {

  private Topics() {}

  /**
   * Creates the topic of events and the dead-letter topic where they are missing.
   *
   * @throws KafkaException in one line, if the brokers do not answer within the settings' time or
   *     refuse
   */
  public static void ensure(Settings.Kafka settings) {
    long timeoutMs = settings.connectTimeout().toMillis();
    try (Admin admin = Admin.create(KafkaClients.impatient(settings))) {
      var present = admin.listTopics().names().get(timeoutMs, TimeUnit.MILLISECONDS);
      List<NewTopic> missing =
          Stream.of(settings.topic(), settings.deadLetterTopic())
              .filter(topic -> !present.contains(topic))
              .map(
                  topic ->
                      new NewTopic(topic, Optional.of(settings.partitions()), Optional.empty()))
              .toList();
      if (!missing.isEmpty()) {
        admin.createTopics(missing).all().get(timeoutMs, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw KafkaTrouble.with(settings, e.getCause());
      }
    } catch (TimeoutException | KafkaException e) {
      throw KafkaTrouble.with(settings, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Asks the brokers for a sign of life, and changes nothing.
   *
   * @throws KafkaException in one line, as {@link #ensure}
   */
  public static void check(Settings.Kafka settings) {
    try (Admin admin = Admin.create(KafkaClients.impatient(settings))) {
      admin.listTopics().names().get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw KafkaTrouble.with(settings, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw KafkaTrouble.with(settings, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
