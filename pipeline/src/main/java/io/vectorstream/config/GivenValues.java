package io.vectorstream.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The values given so far, where a later one replaces an earlier one, and their problems. A value's
 * name has those of its groups before it, and its place in a list: {@code phases[0].rate}.
 */
final class GivenValues {

  /**
   * @param text the value as it was written; null for a group or a list
   * @param source where it was given: {@code shop.yaml:12}, {@code environment variable
   *     VECTORSTREAM_…}, {@code --set}
   */
  record Given(String text, String source) {}

  private final Map<String, Given> values = new LinkedHashMap<>();
  private final Map<String, Map<String, Given>> maps = new LinkedHashMap<>();
  private final Set<String> problems = new LinkedHashSet<>();
  private final Set<String> wrong = new HashSet<>();

  /** Returns the name of an item in a list. */
  static String item(String list, int index) {
    return list + "[" + index + "]";
  }

  /** Returns a name for messages, which have the line of an item, and not its place in the list. */
  static String shown(String name) {
    return name.replaceAll("\\[\\d+]", "");
  }

  void put(String name, String text, String source) {
    values.put(name, new Given(text, source));
    wrong.remove(name);
  }

  /** Adds a group or a list, whose values have names of their own. */
  void putAll(String name, String source) {
    put(name, null, source);
  }

  /** Adds one entry of a map-valued setting. */
  void putEntry(String setting, String key, String text, String source) {
    maps.computeIfAbsent(setting, any -> new LinkedHashMap<>()).put(key, new Given(text, source));
  }

  /** Adds the entry unless it was given already. */
  void putEntryIfAbsent(String setting, String key, String text, String source) {
    maps.computeIfAbsent(setting, any -> new LinkedHashMap<>())
        .putIfAbsent(key, new Given(text, source));
  }

  void problem(String source, String what) {
    problems.add(source + ": " + what);
  }

  /** Adds a problem of a value that has a name. */
  void wrong(String name, String source, String what) {
    wrong.add(name);
    problem(source, shown(name) + ": " + what);
  }

  /** Adds a problem of a value that was read. */
  void wrong(String name, String what) {
    wrong(name, sourceOf(name), what);
  }

  /** Returns whether the value has a problem. */
  boolean isWrong(String name) {
    return wrong.contains(name);
  }

  Given get(String name) {
    return values.get(name);
  }

  /** Returns whether the value is given or, for a group, any of its values. */
  boolean isGiven(String name) {
    return values.containsKey(name)
        || values.keySet().stream().anyMatch(other -> other.startsWith(name + "."));
  }

  /** Returns the source of a value; {@code defaults} when it was not given. */
  String sourceOf(String name) {
    return values.containsKey(name) ? values.get(name).source() : "defaults";
  }

  /** Returns the source of the nearest group around a value. */
  String sourceAround(String name) {
    int dot = name.lastIndexOf('.');
    String group = dot < 0 ? "" : name.substring(0, dot);
    return dot < 0 || values.containsKey(group) ? sourceOf(group) : sourceAround(group);
  }

  /** Returns a map's entries as text; empty when none was given. */
  Map<String, String> entries(String setting) {
    return maps.getOrDefault(setting, Map.of()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().text()));
  }

  /** Returns the source of an entry that was given. */
  String entrySource(String setting, String key) {
    return maps.get(setting).get(key).source();
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new SettingsException(List.copyOf(problems));
    }
  }
}
