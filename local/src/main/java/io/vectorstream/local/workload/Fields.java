package io.vectorstream.local.workload;

import io.vectorstream.config.YamlDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** One group of fields in a YAML file. Problems are noted, and reading continues. */
final class Fields {
  private final YamlDocument document;
  private final MappingNode group;
  private final String prefix;
  private final List<String> problems;
  private final Map<String, ScalarNode> keys = new LinkedHashMap<>();
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  /**
   * @param prefix the part before each name in messages: {@code sweep.}
   * @param problems receives the problems
   */
  Fields(YamlDocument document, MappingNode group, String prefix, List<String> problems) {
    this.document = document;
    this.group = group;
    this.prefix = prefix;
    this.problems = problems;
    for (NodeTuple tuple : group.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problem(tuple.getKeyNode(), "expected the name of a field");
      } else if (keys.putIfAbsent(key.getValue(), key) != null) {
        problem(key, prefix + key.getValue() + " is given twice");
      } else {
        values.put(key.getValue(), tuple.getValueNode());
      }
    }
  }

  /** Returns the value; null when there is none, or it is wrong. */
  <T> T value(String name, Function<String, T> parse) {
    known.add(name);
    Node node = values.get(name);
    return YamlDocument.isNothing(node) ? null : parsed(name, node, parse);
  }

  /** Returns the value of a field that has to be there. */
  <T> T required(String name, Function<String, T> parse) {
    if (YamlDocument.isNothing(values.get(name))) {
      problem(group, prefix + name + " is missing");
    }
    return value(name, parse);
  }

  /** Returns the values; empty when there are none. */
  <T> List<T> list(String name, Function<String, T> parse) {
    known.add(name);
    Node node = values.get(name);
    List<T> list = new ArrayList<>();
    if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> list.add(parsed(name, item, parse)));
    } else if (!YamlDocument.isNothing(node)) {
      problem(node, prefix + name + ": expected a list, such as [1, 2]");
    }
    return list;
  }

  /** Returns a group below this one. */
  Optional<Fields> group(String name) {
    known.add(name);
    Node node = values.get(name);
    if (node instanceof MappingNode mapping) {
      return Optional.of(new Fields(document, mapping, prefix + name + ".", problems));
    }
    if (!YamlDocument.isNothing(node)) {
      problem(node, prefix + name + ": expected its fields, indented below it");
    }
    return Optional.empty();
  }

  /** Notes each field that was not asked for as a problem. */
  void refuseOthers() {
    keys.forEach(
        (name, key) -> {
          if (!known.contains(name)) {
            problem(
                key,
                "%s is no field of a workload; expected one of %s"
                    .formatted(prefix + name, String.join(", ", known)));
          }
        });
  }

  private <T> T parsed(String name, Node node, Function<String, T> parse) {
    if (!(node instanceof ScalarNode scalar)) {
      problem(node, prefix + name + ": expected a single value, not a list or a group");
      return null;
    }
    try {
      return parse.apply(scalar.getValue());
    } catch (IllegalArgumentException e) {
      problem(node, prefix + name + ": " + e.getMessage());
      return null;
    }
  }

  private void problem(Node node, String what) {
    problems.add(document.at(node) + ": " + what);
  }
}
