package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/** What every Kafka client of the pipeline is set up with. */
final class KafkaClients {

  private KafkaClients() {}

  /** A fresh map, to be added to. */
  static Map<String, Object> properties(Settings.Kafka settings) {
    Map<String, Object> properties = new HashMap<>(settings.properties());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    return properties;
  }

  /** The same for a client that somebody waits for: it gives up after the time to connect. */
  static Map<String, Object> impatient(Settings.Kafka settings) {
    int timeoutMs = Math.toIntExact(settings.connectTimeout().toMillis());
    Map<String, Object> properties = properties(settings);
    properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
    properties.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    return properties;
  }
}
