package io.vectorstream.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The values given so far, where a later one replaces an earlier one, and their problems. */
final class GivenValues {

  /**
   * @param text the value as it was written
   * @param source where it was given: {@code shop.yaml:12}, {@code environment variable
   *     VECTORSTREAM_…}, {@code --set}
   */
  record Given(String text, String source) {}

  private final Map<String, Given> values = new LinkedHashMap<>();
  private final Map<String, Map<String, Given>> maps = new LinkedHashMap<>();
  private final Set<String> problems = new LinkedHashSet<>();

  void put(String setting, String text, String source) {
    values.put(setting, new Given(text, source));
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

  Given get(String setting) {
    return values.get(setting);
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
