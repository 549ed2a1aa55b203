package io.vectorstream.generator;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Utils;

/** A file of Kafka client settings, in the format of Kafka's own tools. */
final class KafkaPropertiesFile {
  private static final String EXPECTED =
      "; expected Kafka client settings, such as security.protocol=SASL_SSL";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z]\\w*([.-]\\w+)*");

  private KafkaPropertiesFile() {}

  /**
   * @throws IllegalArgumentException in one line that quotes nothing from the file
   */
  static Map<String, String> read(Path file) {
    Properties properties;
    try {
      properties = Utils.loadProps(file.toString());
    } catch (NoSuchFileException e) {
      throw wrong(file, "is not there", e);
    } catch (IOException e) {
      throw wrong(file, "cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw wrong(file, "has a \\u without four digits of an escape", e);
    }
    Map<String, String> byName = new TreeMap<>();
    properties.forEach((name, text) -> byName.put((String) name, ((String) text).strip()));
    byName.forEach(
        (name, text) -> {
          // A word alone on its line reads as a name without a value; properties that may be empty
          // have dots.
          if (!NAME.matcher(name).matches() || (text.isEmpty() && !name.contains("."))) {
            throw wrong(file, "has a line that is not name=value", null);
          }
        });
    return byName;
  }

  private static IllegalArgumentException wrong(Path file, String what, Exception cause) {
    return new IllegalArgumentException(
        "--kafka-properties '" + file + "' " + what + EXPECTED, cause);
  }
}
