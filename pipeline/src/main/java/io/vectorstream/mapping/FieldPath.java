package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path into JSON: names with dots between them. Behind a name, {@code [2]} is one element of an
 * array, from 0; {@code [key=colour]} is the first element with a field {@code key} of that text;
 * and {@code []} is each element, for which there is an event each. A dot or a bracket that belongs
 * to a name has a backslash before it.
 */
final class FieldPath implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Pattern NAME = Pattern.compile("(?:[^.\\[\\]\\\\]|\\\\.)+");
  private static final Pattern SELECTOR =
      Pattern.compile("\\[(?:(\\d{1,6})|([^=\\]]+)=([^\\]]*))?]");

  private sealed interface Step extends Serializable permits Name, Index, Match, Each {}

  private record Name(String name) implements Step {}

  private record Index(int index) implements Step {}

  private record Match(String name, String text) implements Step {}

  private record Each() implements Step {}

  private final String text;

  /** The steps to each array whose elements are taken one by one. */
  private final List<List<Step>> arrays = new ArrayList<>();

  /** The steps from there on. */
  private final List<Step> rest;

  /**
   * @throws IllegalArgumentException if it is no path
   */
  FieldPath(String text) {
    this.text = text;
    List<Step> steps = new ArrayList<>();
    for (Step step : steps(text)) {
      if (step instanceof Each) {
        arrays.add(List.copyOf(steps));
        steps.clear();
      } else {
        steps.add(step);
      }
    }
    this.rest = List.copyOf(steps);
  }

  private static List<Step> steps(String text) {
    List<Step> steps = new ArrayList<>();
    Matcher name = NAME.matcher(text);
    Matcher selector = SELECTOR.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (name.region(at, text.length()).lookingAt()) {
        steps.add(new Name(name.group().replaceAll("\\\\(.)", "$1")));
        at = name.end();
      }
      while (at < text.length() && text.charAt(at) == '[') {
        if (!selector.region(at, text.length()).lookingAt()) {
          throw wrong(text);
        }
        steps.add(step(selector));
        at = selector.end();
      }
      boolean ends = at == text.length();
      if (!ends && (text.charAt(at) != '.' || at + 1 == text.length() || steps.isEmpty())) {
        throw wrong(text);
      }
      at += ends ? 0 : 1;
      if (!ends && text.charAt(at) == '.') {
        throw wrong(text);
      }
    }
    if (steps.isEmpty()) {
      throw wrong(text);
    }
    return steps;
  }

  private static Step step(Matcher selector) {
    if (selector.group(1) != null) {
      return new Index(Integer.parseInt(selector.group(1)));
    }
    return selector.group(2) == null
        ? new Each()
        : new Match(selector.group(2).strip(), selector.group(3).strip());
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is not a path; expected one such as user.id, items[].price, tags[0] or"
            + " params[key=page].value");
  }

  /** Returns the number of arrays whose elements it takes one by one. */
  int depth() {
    return arrays.size();
  }

  /** Returns whether it leads into an array, not into an object. */
  boolean beginsWithArray() {
    return looksAt().get(0).startsWith("[]");
  }

  /** Returns whether each array of this path is, in its order, one of the other path's, too. */
  boolean isWithin(FieldPath other) {
    return depth() <= other.depth() && arrays.equals(other.arrays.subList(0, depth()));
  }

  /**
   * Returns an array whose elements are taken one by one.
   *
   * @param from the JSON, or the element of the array before it
   * @return null if there is none
   */
  JsonNode array(int number, JsonNode from) {
    return walk(from, arrays.get(number));
  }

  /**
   * Returns the value.
   *
   * @param from the JSON, or the element of the last array
   * @return null if there is none
   */
  JsonNode value(JsonNode from) {
    return walk(from, rest);
  }

  private static JsonNode walk(JsonNode from, List<Step> steps) {
    JsonNode node = from;
    for (int i = 0; i < steps.size() && node != null; i++) {
      Step step = steps.get(i);
      if (step instanceof Name name) {
        node = node.get(name.name());
      } else if (step instanceof Index index) {
        node = node.get(index.index());
      } else if (step instanceof Match match) {
        node = matching(node, match);
      }
    }
    return node;
  }

  private static JsonNode matching(JsonNode array, Match match) {
    if (array.isArray()) {
      for (JsonNode element : array) {
        JsonNode value = element.get(match.name());
        if (value != null && value.asText().equals(match.text())) {
          return element;
        }
      }
    }
    return null;
  }

  /** Returns the name of an element for a reader: {@code orders[0].items[2]}. */
  String element(int[] indexes) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < indexes.length; i++) {
      name.append(name.isEmpty() || arrays.get(i).isEmpty() ? "" : ".")
          .append(shown(arrays.get(i)))
          .append('[')
          .append(indexes[i])
          .append(']');
    }
    return name.toString();
  }

  /** Returns the paths of the fields that it looks at, each element of an array as {@code []}. */
  List<String> looksAt() {
    List<String> paths = new ArrayList<>();
    StringBuilder path = new StringBuilder();
    List<Step> all = new ArrayList<>();
    arrays.forEach(
        steps -> {
          all.addAll(steps);
          all.add(new Each());
        });
    all.addAll(rest);
    for (Step step : all) {
      if (step instanceof Name name) {
        path.append(path.isEmpty() ? "" : ".").append(name.name());
      } else {
        path.append("[]");
      }
      if (step instanceof Match match) {
        paths.add(path + "." + match.name());
      }
    }
    paths.add(path.toString());
    return paths;
  }

  /** Returns the paths of the arrays whose elements it takes one by one, as {@link #looksAt}. */
  Set<String> looksThrough() {
    Set<String> paths = new HashSet<>();
    String path = "";
    for (List<Step> steps : arrays) {
      for (Step step : steps) {
        path =
            step instanceof Name name
                ? (path.isEmpty() ? "" : path + ".") + name.name()
                : path + "[]";
      }
      paths.add(path);
      path += "[]";
    }
    return paths;
  }

  private static String shown(List<Step> steps) {
    return steps.stream()
        .filter(Name.class::isInstance)
        .map(step -> ((Name) step).name())
        .collect(Collectors.joining("."));
  }

  @Override
  public String toString() {
    return text;
  }
}
