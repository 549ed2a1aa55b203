package io.vectorstream.it.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/** A reader of the files that describe a deployment. */
final class DeployFiles {
  private static final ObjectMapper JSON = new ObjectMapper(new YAMLFactory());

  private DeployFiles() {}

  /** The root of the repository. */
  static Path root() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
  }

  static String text(String file) {
    try {
      return Files.readString(root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the documents of a YAML file, with its anchors resolved. */
  static List<JsonNode> yaml(String file) {
    return parse(text(file));
  }

  static List<JsonNode> parse(String yaml) {
    List<JsonNode> documents = new ArrayList<>();
    // Jackson leaves anchors alone.
    new Yaml().loadAll(yaml).forEach(document -> documents.add(JSON.valueToTree(document)));
    return documents;
  }

  /** Returns the elements of a list, or the names of an object's fields. */
  static List<String> strings(JsonNode node) {
    if (node.isObject()) {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      return names;
    }
    return StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** As the program would read it. */
  static Settings settings(String yaml, Path folder, Map<String, String> environment)
      throws IOException {
    Path file = Files.writeString(folder.resolve("settings.yaml"), yaml);
    return SettingsLoader.load(Optional.of(file), environment, List.of());
  }

  /** A file of Spark's settings. */
  static Properties properties(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    return properties;
  }
}
