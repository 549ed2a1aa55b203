package io.vectorstream.shop;

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

/** A file of Kafka client settings, in the format of Kafka's own tools. */
public final class KafkaProperties {
  private static final String EXPECTED =
      "; expected Kafka client settings, such as security.protocol=SASL_SSL";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z]\\w*([.-]\\w+)*");

  private KafkaProperties() {}

  /**
   * Reads a file.
   *
   * @return the settings by name
   * @throws IllegalArgumentException in one line that follows the name of the file, and repeats
   *     nothing of what the file holds: it may be a password
   */
  public static Map<String, String> read(String file) {
    Properties properties;
    try {
      if (Files.isDirectory(Path.of(file))) {
        throw wrong("is a folder", null);
      }
      properties = Utils.loadProps(file);
    } catch (NoSuchFileException e) {
      throw wrong("is not there", e);
    } catch (IOException | InvalidPathException e) {
      throw wrong("cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw e.getMessage().endsWith(EXPECTED)
          ? e
          : wrong("has a \\u without four digits of an escape", e);
    }
    Map<String, String> byName = new TreeMap<>();
    properties.forEach((name, text) -> byName.put((String) name, ((String) text).strip()));
    if (!byName.entrySet().stream().allMatch(KafkaProperties::isProperty)) {
      throw wrong("has a line that is not name=value", null);
    }
    return byName;
  }

  /**
   * Returns whether an entry can be a setting. A word alone on its line reads as a name without a
   * value; Kafka's settings that may be empty have dots in their names.
   */
  private static boolean isProperty(Map.Entry<String, String> entry) {
    return NAME.matcher(entry.getKey()).matches()
        && (!entry.getValue().isEmpty() || entry.getKey().contains("."));
  }

  private static IllegalArgumentException wrong(String what, Exception cause) {
    return new IllegalArgumentException(what + EXPECTED, cause);
  }
}
