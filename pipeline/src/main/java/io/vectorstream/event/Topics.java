package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that the pipeline needs. */
public final class Topics {

  private static final int ROOM_FOR_HEADERS = 64 << 10;

  private Topics() {}

  /**
   * Creates the topic of events and the dead-letter topic where they are missing; the latter takes
   * records as large as the former does.
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
      boolean newTopic = !present.contains(settings.topic());
      boolean newDeadLetters = !present.contains(settings.deadLetterTopic());
      CreateTopicsResult created =
          newTopic ? create(admin, settings, settings.topic(), Map.of()) : null;
      if (newDeadLetters) {
        Config source =
            newTopic
                ? created.config(settings.topic()).get(timeoutMs, TimeUnit.MILLISECONDS)
                : config(admin, settings);
        created = create(admin, settings, settings.deadLetterTopic(), deadLetterConfig(source));
      }
      if (created != null) {
        created.all().get(timeoutMs, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw silent(settings, e.getCause());
      }
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw unreachable(settings, e.getCause().getMessage(), e.getCause());
      }
      // Another start was quicker with one of them; the other may still be missing.
      ensure(settings);
    } catch (TimeoutException e) {
      throw silent(settings, e);
    } catch (KafkaException e) {
      throw unreachable(
          settings, e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static CreateTopicsResult create(
      Admin admin, Settings.Kafka settings, String topic, Map<String, String> config) {
    NewTopic newTopic = new NewTopic(topic, Optional.of(settings.partitions()), Optional.empty());
    return admin.createTopics(List.of(newTopic.configs(config)));
  }

  private static Config config(Admin admin, Settings.Kafka settings)
      throws ExecutionException, InterruptedException, TimeoutException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
    return admin
        .describeConfigs(List.of(topic))
        .all()
        .get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .get(topic);
  }

  /** A dead letter is its record and some headers: whatever the one topic takes fits the other. */
  private static Map<String, String> deadLetterConfig(Config source) {
    long largest = Long.parseLong(source.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Long.toString(Math.min(largest + ROOM_FOR_HEADERS, Integer.MAX_VALUE)));
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
