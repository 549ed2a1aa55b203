package io.vectorstream.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The loader that combines the settings: the defaults, then the user's file, then the environment,
 * then the command line, where a later one takes precedence.
 */
public final class SettingsLoader {
  private static final String DEFAULTS = "vectorstream.yaml";

  private SettingsLoader() {}

  /** Returns the settings of {@code config/vectorstream.yaml} as they come with the program. */
  public static Settings defaults() {
    return load(Optional.empty(), Map.of(), List.of());
  }

  /**
   * @param file the user's settings, in YAML; a setting that it leaves out keeps its default
   * @param environment such as {@code System.getenv()}; variables that start with {@code
   *     VECTORSTREAM_} are read
   * @param overrides from the command line, such as {@code kafka.topic=clicks}
   * @throws SettingsException when a name or a value is wrong; it lists every problem
   */
  public static Settings load(
      Optional<Path> file, Map<String, String> environment, List<String> overrides) {
    GivenValues defaults = new GivenValues();
    readYaml(YamlDocument.of(defaultText(), DEFAULTS), defaults);
    defaults.throwIfAny();

    GivenValues given = new GivenValues();
    file.ifPresent(path -> readYaml(YamlDocument.read(path, "settings file"), given));
    readEnvironment(environment, given);
    overrides.forEach(override -> readOverride(override, given));
    KafkaPropertiesFile.addTo(given);
    Settings settings = new RecordBinder(given, defaults).bind(Settings.class);
    SettingsCheck.check(settings, given);
    given.throwIfAny();
    return settings;
  }

  private static String defaultText() {
    try (InputStream resource = SettingsLoader.class.getResourceAsStream("/" + DEFAULTS)) {
      if (resource == null) {
        throw new IllegalStateException("/" + DEFAULTS + " is missing from the class path");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a file of settings, which may be empty. */
  static void readYaml(YamlDocument document, GivenValues given) {
    if (!YamlDocument.isNothing(document.root())) {
      new YamlSource(document, YamlWords.OF_SETTINGS, given).read(Settings.class);
    }
  }

  private static void readEnvironment(Map<String, String> environment, GivenValues given) {
    ServiceLinks links = new ServiceLinks(environment);
    new TreeMap<>(environment)
        .forEach(
            (variable, text) -> {
              if (!SettingNames.isOurVariable(variable) || links.contain(variable)) {
                return;
              }
              String source = "environment variable " + variable;
              SettingNames.settingOfVariable(variable)
                  .ifPresentOrElse(
                      setting -> put(setting, text, source, given),
                      () -> given.problem(source, SettingNames.unknownVariable(variable)));
            });
  }

  private static void readOverride(String override, GivenValues given) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      // Quotes only what may be a name: the rest may be a password after a wrong sign.
      String start = override.replaceFirst("[^\\w.].*", "");
      given.problem("--set", "'" + start + "' is not name=value; expected kafka.topic=clicks");
      return;
    }
    String name = override.substring(0, equals).strip();
    String text = override.substring(equals + 1);
    Optional<String> map = SettingNames.mapOfEntry(name);
    if (map.isPresent()) {
      given.putEntry(map.get(), name.substring(map.get().length() + 1), text, "--set");
    } else if (SettingNames.isGroup(name)) {
      given.problem("--set", name + " is a group; expected one setting of it, as in kafka.topic");
    } else if (SettingNames.isSetting(name)) {
      put(name, text, "--set", given);
    } else {
      given.problem("--set", SettingNames.unknown(name));
    }
  }

  private static void put(String setting, String text, String source, GivenValues given) {
    if (SettingNames.isMap(setting)) {
      YamlSource.readMap(setting, text, source, given);
    } else {
      given.put(setting, text, source);
    }
  }
}
