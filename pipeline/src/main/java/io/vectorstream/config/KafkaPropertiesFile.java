package io.vectorstream.config;

import io.vectorstream.config.GivenValues.Given;
import io.vectorstream.shop.KafkaProperties;
import java.util.Map;

/**
 * The file that {@code kafka.properties_file} names, in the format of Kafka's own tools. The values
 * of {@code kafka.properties}, from whatever source, take precedence over it.
 */
final class KafkaPropertiesFile {
  static final String PROPERTIES = "kafka.properties";
  static final String BOOTSTRAP = "bootstrap.servers";

  private static final String SETTING = "kafka.properties_file";
  private static final String SERVERS = "kafka.bootstrap_servers";

  private KafkaPropertiesFile() {}

  /** Adds the file's properties, if a file is given, or its problem. */
  static void addTo(GivenValues given) {
    Given file = given.get(SETTING);
    if (file == null || file.text().isBlank()) {
      return;
    }
    try {
      Map<String, String> properties = KafkaProperties.read(file.text());
      String servers = properties.remove(BOOTSTRAP);
      if (servers != null && given.get(SERVERS) == null) {
        given.put(SERVERS, servers, file.text());
      }
      properties.forEach(
          (name, text) -> given.putEntryIfAbsent(PROPERTIES, name, text, file.text()));
    } catch (IllegalArgumentException e) {
      given.problem(file.source(), SETTING + ": '" + file.text() + "' " + e.getMessage());
    }
  }
}
