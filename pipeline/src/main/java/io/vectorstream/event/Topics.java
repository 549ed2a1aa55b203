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
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw silent(settings, e.getCause());
      }
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw unreachable(settings, e.getCause().getMessage(), e.getCause());
      }
    } catch (TimeoutException e) {
      throw silent(settings, e);
    } catch (KafkaException e) {
      throw unreachable(
          settings, e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static KafkaException silent(Settings.Kafka settings, Throwable cause) {
    return unreachable(
        settings, "no answer within " + settings.connectTimeout().toMillis() + " ms", cause);
  }

  private static KafkaException unreachable(
      Settings.Kafka settings, String reason, Throwable cause) {
    return new KafkaException(
        "Kafka at %s does not answer: %s".formatted(settings.bootstrapServers(), reason), cause);
  }
}
