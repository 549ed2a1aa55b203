package io.vectorstream.config;

import static java.util.stream.Collectors.toMap;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The names of all settings, read from the records of {@link Settings}: {@code kafka.topic}. */
final class SettingNames {
  private static final String ENVIRONMENT_PREFIX = "VECTORSTREAM_";

  /** Each setting's type by its name, and {@link Settings} records by the name of their group. */
  private static final Map<String, Type> TYPES = RecordNames.of(Settings.class);

  /** Variables of the launcher, which are no settings. */
  private static final Set<String> OF_LAUNCHER =
      Set.of(
          ENVIRONMENT_PREFIX + "HOME",
          ENVIRONMENT_PREFIX + "JAVA_OPTS",
          ENVIRONMENT_PREFIX + "DEBUG");

  private static final Map<String, String> BY_VARIABLE =
      TYPES.keySet().stream()
          .filter(SettingNames::isSetting)
          .collect(toMap(SettingNames::variable, Function.identity()));

  private SettingNames() {}

  /** Returns every setting, groups left out, in the order of the records. */
  static Collection<String> all() {
    return TYPES.keySet().stream().filter(SettingNames::isSetting).toList();
  }

  static boolean isGroup(String name) {
    return TYPES.containsKey(name) && RecordNames.isGroup(TYPES.get(name));
  }

  static boolean isSetting(String name) {
    return TYPES.containsKey(name) && !RecordNames.isGroup(TYPES.get(name));
  }

  /** Returns whether the setting is a map, such as {@code kafka.properties}. */
  static boolean isMap(String name) {
    return RecordNames.isMap(TYPES.get(name));
  }

  /** Returns the map-valued setting of an entry: {@code kafka.properties.client.id}. */
  static Optional<String> mapOfEntry(String name) {
    return TYPES.keySet().stream()
        .filter(setting -> isMap(setting) && name.startsWith(setting + "."))
        .findFirst();
  }

  static String variable(String setting) {
    return ENVIRONMENT_PREFIX + setting.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** Returns whether a variable gives a setting, or seems meant to. */
  static boolean isOurVariable(String variable) {
    return variable.startsWith(ENVIRONMENT_PREFIX) && !OF_LAUNCHER.contains(variable);
  }

  static Optional<String> settingOfVariable(String variable) {
    return Optional.ofNullable(BY_VARIABLE.get(variable));
  }

  /** Returns "kafka.topik is not a setting; did you mean kafka.topic?" */
  static String unknown(String name) {
    return name + " is not a setting" + suggestion(name, TYPES.keySet());
  }

  /** Returns "not a setting; did you mean VECTORSTREAM_KAFKA_TOPIC?", to follow a name. */
  static String unknownVariable(String variable) {
    return "not a setting" + suggestion(variable, BY_VARIABLE.keySet());
  }

  private static String suggestion(String name, Collection<String> known) {
    // One slip in three letters is a slip; more is another word.
    int slips = Math.max(2, name.length() / 3);
    LevenshteinDistance distance = new LevenshteinDistance(slips);
    Optional<String> lastPart =
        known.stream().filter(candidate -> candidate.endsWith("." + name)).findFirst();
    return lastPart
        .or(
            () ->
                known.stream()
                    .filter(candidate -> distance.apply(name, candidate) >= 0)
                    .min(Comparator.comparingInt(candidate -> distance.apply(name, candidate))))
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("; config/vectorstream.yaml lists them all");
  }
}
