package io.vectorstream.config;

import io.vectorstream.config.GivenValues.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Utils;

/**
 * The file that {@code kafka.properties_file} names, in the format of Kafka's own tools. The values
 * of {@code kafka.properties}, from whatever source, take precedence over it.
 */
final class KafkaPropertiesFile {
  static final String PROPERTIES = "kafka.properties";
  static final String BOOTSTRAP = "bootstrap.servers";

  private static final String SETTING = "kafka.properties_file";
  private static final String SERVERS = "kafka.bootstrap_servers";
  private static final String EXPECTED =
      "; expected Kafka client settings, such as security.protocol=SASL_SSL";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z]\\w*([.-]\\w+)*");

  private KafkaPropertiesFile() {}

  /** Adds the file's properties, if a file is given, or its problem. */
  static void addTo(GivenValues given) {
    Given file = given.get(SETTING);
    if (file == null || file.text().isBlank()) {
      return;
    }
    try {
      Map<String, String> properties = read(file.text());
      String servers = properties.remove(BOOTSTRAP);
      if (servers != null && given.get(SERVERS) == null) {
        given.put(SERVERS, servers, file.text());
      }
      properties.forEach(
          (name, text) -> given.putEntryIfAbsent(PROPERTIES, name, text, file.text()));
    } catch (SettingsException e) {
      given.problem(file.source(), SETTING + ": '" + file.text() + "' " + e.getMessage());
    }
  }

  private static Map<String, String> read(String file) {
    Properties properties;
    try {
      if (Files.isDirectory(Path.of(file))) {
        throw new SettingsException("is a folder" + EXPECTED, null);
      }
      properties = Utils.loadProps(file);
    } catch (NoSuchFileException e) {
      throw new SettingsException("is not there" + EXPECTED, e);
    } catch (IOException | InvalidPathException e) {
      throw new SettingsException("cannot be read" + EXPECTED, e);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("has a \\u without four digits of an escape" + EXPECTED, e);
    }
    Map<String, String> byName = new TreeMap<>();
    properties.forEach((name, text) -> byName.put((String) name, ((String) text).strip()));
    if (!byName.entrySet().stream().allMatch(KafkaPropertiesFile::isProperty)) {
      // The line is not quoted: it may be a password.
      throw new SettingsException("has a line that is not name=value" + EXPECTED, null);
    }
    return byName;
  }

  /**
   * Returns whether this is a property: a word alone is one with an empty value only if it has
   * dots.
   */
  private static boolean isProperty(Map.Entry<String, String> entry) {
    return NAME.matcher(entry.getKey()).matches()
        && (!entry.getValue().isEmpty() || entry.getKey().contains("."));
  }
}
