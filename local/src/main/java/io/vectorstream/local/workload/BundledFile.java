package io.vectorstream.local.workload;

import io.vectorstream.config.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A YAML file of a user's own, or one of those that come with the project. */
public final class BundledFile {
  /** The system property with the project's folder, where the launcher is, which sets it. */
  public static final String HOME = "vectorstream.home";

  private static final String SUFFIX = ".yaml";

  private BundledFile() {}

  /** Returns the project's folder. */
  public static Path home() {
    return Path.of(System.getProperty(HOME, "")).toAbsolutePath();
  }

  /**
   * @param name a file, or the bare name of one in that folder of the project
   * @param kind the file's purpose for a reader: {@code workload}
   * @throws SettingsException when a bare name is unknown
   */
  public static Path find(String name, String folder, String kind) {
    if (name.endsWith(SUFFIX) || name.contains("/") || name.contains("\\")) {
      return Path.of(name);
    }
    Path all = Path.of(System.getProperty(HOME, "")).resolve(folder);
    Path bundled = all.resolve(name + SUFFIX);
    if (!Files.exists(bundled)) {
      throw new SettingsException(
          List.of(
              "there is no %s '%s'; expected a file, such as %s, or one of %s"
                  .formatted(kind, name, "my" + SUFFIX, names(all))));
    }
    return bundled;
  }

  private static String names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return "those in " + folder.toAbsolutePath() + ", which is not there";
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - SUFFIX.length()))
          .sorted()
          .collect(Collectors.joining(", "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
