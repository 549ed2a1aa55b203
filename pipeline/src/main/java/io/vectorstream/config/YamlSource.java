package io.vectorstream.config;

import static io.vectorstream.config.YamlDocument.isNothing;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Settings written as YAML. Values stay text until the settings are bound. */
final class YamlSource {
  private final YamlDocument document;
  private final GivenValues given;
  private final Map<String, Integer> firstLines = new HashMap<>();

  private YamlSource(YamlDocument document, GivenValues given) {
    this.document = document;
    this.given = given;
  }

  static void readFile(Path file, GivenValues given) {
    new YamlSource(YamlDocument.read(file, "settings file"), given).read();
  }

  static void read(String text, String name, GivenValues given) {
    new YamlSource(YamlDocument.of(text, name), given).read();
  }

  private void read() {
    Node root = document.root();
    if (isNothing(root)) {
      return;
    }
    if (root instanceof MappingNode mapping) {
      readGroup(mapping, "");
    } else {
      problem(root, "expected groups of settings, such as kafka:");
    }
  }

  /**
   * Reads one map-valued setting written in a single value: {@code {"security.protocol": "SSL"}}.
   */
  static void readMap(String setting, String text, String source, GivenValues given) {
    Node root;
    try {
      root = YamlDocument.compose(text);
    } catch (YAMLException e) {
      root = null;
    }
    if (root instanceof MappingNode mapping
        && mapping.getValue().stream().allMatch(YamlSource::isNameAndText)) {
      for (NodeTuple entry : mapping.getValue()) {
        given.putEntry(
            setting,
            ((ScalarNode) entry.getKeyNode()).getValue(),
            ((ScalarNode) entry.getValueNode()).getValue(),
            source);
      }
    } else {
      // The text is not quoted: it may hold a password.
      given.problem(
          source, setting + ": expected names and values, such as {\"client.id\": \"shop\"}");
    }
  }

  private static boolean isNameAndText(NodeTuple entry) {
    return entry.getKeyNode() instanceof ScalarNode && entry.getValueNode() instanceof ScalarNode;
  }

  private void readGroup(MappingNode group, String prefix) {
    for (NodeTuple tuple : group.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problem(tuple.getKeyNode(), "expected the name of a setting");
        continue;
      }
      String setting = prefix + key.getValue();
      if (isFirst(setting, key)) {
        readValue(setting, key, tuple.getValueNode());
      }
    }
  }

  private boolean isFirst(String setting, Node key) {
    Integer first = firstLines.putIfAbsent(setting, YamlDocument.line(key));
    if (first != null) {
      problem(key, setting + " is given twice; first on line " + first);
    }
    return first == null;
  }

  private void readValue(String setting, ScalarNode key, Node value) {
    if (SettingNames.isGroup(setting)) {
      if (value instanceof MappingNode mapping) {
        readGroup(mapping, setting + ".");
      } else if (!isNothing(value)) {
        problem(value, setting + ": expected the settings of this group, indented below it");
      }
    } else if (!SettingNames.isSetting(setting)) {
      problem(key, SettingNames.unknown(setting));
    } else if (isNothing(value)) {
      // "topic:" with nothing after it: the default stays.
      return;
    } else if (SettingNames.isMap(setting)) {
      if (value instanceof MappingNode mapping) {
        readEntries(setting, mapping);
      } else {
        problem(value, setting + ": expected names and values, indented below it");
      }
    } else if (value instanceof ScalarNode scalar) {
      given.put(setting, scalar.getValue(), at(scalar));
    } else {
      problem(value, setting + ": expected a single value, not a list or a group");
    }
  }

  private void readEntries(String setting, MappingNode entries) {
    for (NodeTuple tuple : entries.getValue()) {
      if (!isNameAndText(tuple)) {
        problem(
            tuple.getKeyNode(),
            setting + ": expected a name and a single value, such as client.id: shop");
        continue;
      }
      String key = ((ScalarNode) tuple.getKeyNode()).getValue();
      if (isFirst(setting + "." + key, tuple.getKeyNode()) && !isNothing(tuple.getValueNode())) {
        given.putEntry(
            setting, key, ((ScalarNode) tuple.getValueNode()).getValue(), at(tuple.getValueNode()));
      }
    }
  }

  private void problem(Node node, String what) {
    given.problem(at(node), what);
  }

  private String at(Node node) {
    return document.at(node);
  }
}
