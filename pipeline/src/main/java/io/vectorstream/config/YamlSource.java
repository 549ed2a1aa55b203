package io.vectorstream.config;

import static io.vectorstream.config.YamlDocument.isNothing;

import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Values written as YAML, under the names that a record has. They stay text until bound to it. */
final class YamlSource {
  private final YamlDocument document;
  private final YamlWords words;
  private final GivenValues given;
  private final Map<String, Integer> firstLines = new HashMap<>();

  YamlSource(YamlDocument document, YamlWords words, GivenValues given) {
    this.document = document;
    this.words = words;
    this.given = given;
  }

  /** Reads everything; returns whether there is something to read, and else notes the problem. */
  boolean read(Class<?> type) {
    if (document.root() instanceof MappingNode root) {
      readGroup(type, root, "");
      return true;
    }
    given.problem(at(document.root()), "expected " + words.content());
    return false;
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

  /**
   * @param name the group's; empty for the whole document
   */
  private void readGroup(Class<?> type, MappingNode group, String name) {
    Map<String, Type> types = RecordNames.of(type);
    given.putAll(name, at(group));
    for (NodeTuple tuple : group.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        given.problem(at(tuple.getKeyNode()), "expected the name of a " + words.member());
        continue;
      }
      String member = (name.isEmpty() ? "" : name + ".") + key.getValue();
      Type ofMember = types.get(key.getValue());
      if (!isFirst(member, key)) {
        continue;
      }
      if (ofMember == null) {
        given.problem(at(key), words.unknown().apply(GivenValues.shown(member), direct(types)));
      } else if (!isNothing(tuple.getValueNode())) {
        // "topic:" with nothing after it: the default stays.
        readValue(ofMember, member, tuple.getValueNode());
      }
    }
  }

  private static Set<String> direct(Map<String, Type> types) {
    return types.keySet().stream().filter(name -> !name.contains(".")).collect(Collectors.toSet());
  }

  private boolean isFirst(String name, Node key) {
    Integer first = firstLines.putIfAbsent(name, YamlDocument.line(key));
    if (first != null) {
      given.problem(at(key), GivenValues.shown(name) + " is given twice; first on line " + first);
    }
    return first == null;
  }

  private void readValue(Type type, String name, Node value) {
    Optional<Type> item = RecordNames.itemOf(type);
    if (RecordNames.isGroup(type)) {
      if (value instanceof MappingNode mapping) {
        readGroup((Class<?>) type, mapping, name);
      } else {
        expected(value, name, words.group() + ", indented below it");
      }
    } else if (RecordNames.isMap(type)) {
      if (value instanceof MappingNode mapping) {
        readEntries(name, mapping);
      } else {
        expected(value, name, "names and values, indented below it");
      }
    } else if (item.isPresent()) {
      if (value instanceof SequenceNode sequence) {
        readItems(item.get(), name, sequence);
      } else {
        boolean ofGroups = RecordNames.isGroup(item.get());
        expected(
            value, name, ofGroups ? "a list, each item after a dash" : "a list, such as [1, 2]");
      }
    } else if (value instanceof ScalarNode scalar) {
      given.put(name, scalar.getValue(), at(scalar));
    } else {
      expected(value, name, "a single value, not a list or a group");
    }
  }

  private void readItems(Type item, String list, SequenceNode items) {
    given.putAll(list, at(items));
    List<Node> nodes = items.getValue();
    for (int i = 0; i < nodes.size(); i++) {
      String name = GivenValues.item(list, i);
      given.putAll(name, at(nodes.get(i)));
      if (isNothing(nodes.get(i))) {
        expected(nodes.get(i), name, "a value after each dash or comma");
      } else {
        readValue(item, name, nodes.get(i));
      }
    }
  }

  private void readEntries(String map, MappingNode entries) {
    for (NodeTuple tuple : entries.getValue()) {
      if (!isNameAndText(tuple)) {
        expected(tuple.getKeyNode(), map, "a name and a single value, such as client.id: shop");
        continue;
      }
      String key = ((ScalarNode) tuple.getKeyNode()).getValue();
      if (isFirst(map + "." + key, tuple.getKeyNode()) && !isNothing(tuple.getValueNode())) {
        given.putEntry(
            map, key, ((ScalarNode) tuple.getValueNode()).getValue(), at(tuple.getValueNode()));
      }
    }
  }

  private void expected(Node node, String name, String what) {
    given.wrong(name, at(node), "expected " + what);
  }

  private String at(Node node) {
    return document.at(node);
  }
}
