package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

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
    Map<String, Object> config = KafkaClients.properties(settings);
    config.putIfAbsent(
        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeoutMs));
    config.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(timeoutMs));
    try (Admin admin = Admin.create(config)) {
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

  /**
   * Those of the topics that are there, by name.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  static Map<String, TopicDescription> describe(Settings.Kafka settings, Set<String> topics) {
    return ask(
        settings,
        (admin, timeoutMs) -> {
          Map<String, TopicDescription> present = new HashMap<>();
          for (var answer : admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
              present.put(answer.getKey(), answer.getValue().get(timeoutMs, TimeUnit.MILLISECONDS));
            } catch (ExecutionException e) {
              if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
              }
            }
          }
          return present;
        });
  }

  /**
   * Creates a topic of one partition that keeps the latest record of each key for ever, if it is
   * missing.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  static void ensureCompacted(Settings.Kafka settings, String topic) {
    NewTopic compacted =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    ask(
        settings,
        (admin, timeoutMs) -> {
          try {
            return admin
                .createTopics(List.of(compacted))
                .all()
                .get(timeoutMs, TimeUnit.MILLISECONDS);
          } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
              return null;
            }
            throw e;
          }
        });
  }

  private interface Question<T> {
    T ask(Admin admin, long timeoutMs)
        throws ExecutionException, TimeoutException, InterruptedException;
  }

  private static <T> T ask(Settings.Kafka settings, Question<T> question) {
    long timeoutMs = settings.connectTimeout().toMillis();
    Map<String, Object> config = KafkaClients.properties(settings);
    config.putIfAbsent(
        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeoutMs));
    config.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(timeoutMs));
    try (Admin admin = Admin.create(config)) {
      return question.ask(admin, timeoutMs);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException
          ? silent(settings, e.getCause())
          : unreachable(settings, e.getCause().getMessage(), e.getCause());
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
