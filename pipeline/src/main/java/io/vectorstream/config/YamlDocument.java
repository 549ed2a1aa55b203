package io.vectorstream.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** YAML as SnakeYAML's tree of nodes, which knows the line of each node. */
final class YamlDocument {
  private final String name;
  private final Node root;

  private YamlDocument(String name, Node root) {
    this.name = name;
    this.root = root;
  }

  /**
   * @param kind the file's purpose for a reader: {@code settings file}
   * @throws SettingsException when there is no such file, or it is not YAML
   */
  static YamlDocument read(Path file, String kind) {
    return of(textOf(file, kind), file.toString());
  }

  /**
   * @param name the source of the text, for messages
   * @throws SettingsException when it is not YAML
   */
  static YamlDocument of(String text, String name) {
    return new YamlDocument(name, compose(text, name));
  }

  /** Parses any YAML text; throws SnakeYAML's own exceptions, without a message for the user. */
  static Node compose(String text) {
    return new Yaml(new LoaderOptions()).compose(new StringReader(text));
  }

  private static String textOf(Path file, String kind) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SettingsException(file + ": no such " + kind, e);
    } catch (MalformedInputException e) {
      throw new SettingsException(file + ": is not UTF-8 text; expected a YAML file", e);
    } catch (IOException e) {
      String why = Files.isDirectory(file) ? "is a folder" : "cannot be read";
      throw new SettingsException(file + ": " + why + "; expected a YAML file", e);
    }
  }

  private static Node compose(String text, String name) {
    try {
      return compose(text);
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

  /** Returns the root; null when the document is empty. */
  Node root() {
    return root;
  }

  /** Returns the place of a node: {@code shop.yaml:12}; without a line if there is none. */
  String at(Node node) {
    return node == null ? name : name + ":" + line(node);
  }

  /** Returns whether a node holds no value, as in {@code topic:} with nothing after it. */
  static boolean isNothing(Node node) {
    return node == null || Tag.NULL.equals(node.getTag());
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
