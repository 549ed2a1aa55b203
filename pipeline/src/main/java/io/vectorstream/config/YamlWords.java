package io.vectorstream.config;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * The words of messages about one kind of YAML file.
 *
 * @param content what a file holds: {@code groups of settings, such as kafka:}
 * @param member what has a name: {@code setting}
 * @param group what stands below a group's name: {@code the settings of this group}
 * @param unknown the sentence about an unknown name, from it and the names known in its place
 */
record YamlWords(
    String content, String member, String group, BiFunction<String, Set<String>, String> unknown) {

  static final YamlWords OF_SETTINGS =
      new YamlWords(
          "groups of settings, such as kafka:",
          "setting",
          "the settings of this group",
          (name, known) -> SettingNames.unknown(name));

  /**
   * @param kind such as {@code workload}
   * @param example such as {@code rate: 1000}
   */
  static YamlWords of(String kind, String example) {
    return new YamlWords(
        "the fields of a %s, such as %s".formatted(kind, example),
        "field",
        "its fields",
        (name, known) ->
            "%s is no field of a %s; expected one of %s"
                .formatted(name, kind, String.join(", ", new TreeSet<>(known))));
  }
}
