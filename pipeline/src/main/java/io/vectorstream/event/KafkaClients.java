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
}
