package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The properties that every Kafka client of the pipeline gets. */
public final class KafkaClients {

  private KafkaClients() {}

  /** Returns a new map that the caller may add to. */
  static Map<String, Object> properties(Settings.Kafka settings) {
    Map<String, Object> properties = new HashMap<>(settings.properties());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    return properties;
  }

  /**
   * Returns the same for a client that a user waits for: it gives up after the time to connect,
   * unless the user's own properties say otherwise.
   */
  static Map<String, Object> impatient(Settings.Kafka settings) {
    int timeoutMs = Math.toIntExact(settings.connectTimeout().toMillis());
    Map<String, Object> properties = properties(settings);
    if (hasNoTimeouts(settings)) {
      properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
      properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    }
    return properties;
  }

  /** Lets a consumer read committed records alone, at offsets that its caller keeps. */
  static void readCommitted(Map<String, Object> properties) {
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
  }

  /** Lets a client that nobody waits for try brokers that are away every few seconds only. */
  static void askRarely(Map<String, Object> properties) {
    properties.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
  }

  /** Returns whether the user set neither timeout, because Kafka limits one by the other. */
  public static boolean hasNoTimeouts(Settings.Kafka settings) {
    return Collections.disjoint(
        settings.properties().keySet(),
        Set.of(
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG));
  }
}
