package io.vectorstream.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options by which every command takes its settings; a picocli mixin. */
public final class SettingsOptions {
  private static final Logger log = LoggerFactory.getLogger(SettingsOptions.class);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in YAML. What it leaves out keeps its default.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "One setting, as in kafka.topic=clicks; stronger than the file and the environment."
              + " May be given again for another.")
  private List<String> overrides = new ArrayList<>();

  /**
   * Returns the settings from these options, the environment and the defaults.
   *
   * @throws SettingsException when a name or a value is wrong
   */
  public Settings load() {
    return load(List.of());
  }

  /**
   * Returns the same, with settings that the command itself decides, such as the address of a
   * broker that it started.
   *
   * @param decided name=value; takes precedence over everything the user gave
   */
  public Settings load(List<String> decided) {
    return load(List.of(), decided);
  }

  /**
   * Returns the same, with settings that the command takes from a file of its own.
   *
   * @param suggested name=value; takes precedence over the settings file and the environment, but
   *     not over {@code --set}
   */
  public Settings load(List<String> suggested, List<String> decided) {
    List<String> all = new ArrayList<>(suggested);
    all.addAll(overrides);
    all.addAll(decided);
    Settings settings = SettingsLoader.load(Optional.ofNullable(file), System.getenv(), all);
    PlaintextSecrets.warnings(settings).forEach(log::warn);
    return settings;
  }
}
