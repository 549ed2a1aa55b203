package io.vectorstream.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Settings written as YAML. Read as SnakeYAML's node tree, because that knows the line of
 * everything; values stay text until the settings are bound.
 */
final class YamlSource {
  private final String name;
  private final GivenValues given;
  private final Map<String, Integer> firstLines = new HashMap<>();

  private YamlSource(String name, GivenValues given) {
    this.name = name;
    this.given = given;
  }

  static void readFile(Path file, GivenValues given) {
    read(textOf(file), file.toString(), given);
  }

  static void read(String text, String name, GivenValues given) {
    YamlSource source = new YamlSource(name, given);
    Node root = source.compose(text);
    if (isNothing(root)) {
      return;
    }
    if (root instanceof MappingNode mapping) {
      source.readGroup(mapping, "");
    } else {
      source.problem(root, "expected groups of settings, such as kafka:");
    }
  }

  /**
   * Reads one map-valued setting written in a single value: {@code {"security.protocol": "SSL"}}.
   */
  static void readMap(String setting, String text, String source, GivenValues given) {
    Node root;
    try {
      root = yaml().compose(new StringReader(text));
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
      // The text is left out: it may hold a password.
      given.problem(
          source, setting + ": expected names and values, such as {\"client.id\": \"shop\"}");
    }
  }

  private static boolean isNameAndText(NodeTuple entry) {
    return entry.getKeyNode() instanceof ScalarNode && entry.getValueNode() instanceof ScalarNode;
  }

  private static String textOf(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SettingsException(file + ": no such settings file", e);
    } catch (MalformedInputException e) {
      throw new SettingsException(file + ": is not UTF-8 text; expected a YAML file", e);
    } catch (IOException e) {
      String why = Files.isDirectory(file) ? "is a folder" : "cannot be read";
      throw new SettingsException(file + ": " + why + "; expected a YAML file", e);
    }
  }

  private static Yaml yaml() {
    return new Yaml(new LoaderOptions());
  }

  private Node compose(String text) {
    try {
      return yaml().compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      String advice =
          e.getProblem() != null && e.getProblem().contains("TAB")
              ? "a tab; expected spaces to indent with"
              : e.getProblem();
      throw new SettingsException(name + ":" + line + ": is not YAML: " + advice, e);
    } catch (ReaderException e) {
      int line = 1 + (int) text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count();
      throw new SettingsException(
          name + ":" + line + ": is not YAML: a control character; expected printable text", e);
    } catch (YAMLException e) {
      throw new SettingsException(name + ": is not YAML: " + e.getMessage(), e);
    }
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
    Integer first = firstLines.putIfAbsent(setting, line(key));
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

  private static boolean isNothing(Node node) {
    return node == null || Tag.NULL.equals(node.getTag());
  }

  private void problem(Node node, String what) {
    given.problem(at(node), what);
  }

  private String at(Node node) {
    return name + ":" + line(node);
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
