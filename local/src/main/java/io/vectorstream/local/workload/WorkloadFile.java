package io.vectorstream.local.workload;

import io.vectorstream.config.SettingsException;
import io.vectorstream.config.YamlRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A workload in YAML. The fields are the components of {@link Workload} in snake case; {@code
 * workloads/README.md} explains them.
 */
public final class WorkloadFile {
  /** The system property with the project's folder, where the launcher is, which sets it. */
  public static final String HOME = "vectorstream.home";

  private static final String FOLDER = "workloads";
  private static final String SUFFIX = ".yaml";

  private WorkloadFile() {}

  /**
   * @param name a file, or the bare name of one of the workloads that come with the project
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static Workload find(String name) {
    if (name.endsWith(SUFFIX) || name.contains("/") || name.contains("\\")) {
      return read(Path.of(name));
    }
    Path bundled = folder().resolve(name + SUFFIX);
    if (!Files.exists(bundled)) {
      throw new SettingsException(
          List.of(
              "there is no workload '%s'; expected a file, such as %s, or one of %s"
                  .formatted(name, "my" + SUFFIX, names())));
    }
    return read(bundled);
  }

  private static Path folder() {
    return Path.of(System.getProperty(HOME, "")).resolve(FOLDER);
  }

  private static String names() {
    if (!Files.isDirectory(folder())) {
      return "those in " + folder().toAbsolutePath() + ", which is not there";
    }
    try (Stream<Path> files = Files.list(folder())) {
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

  /**
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static Workload read(Path file) {
    return YamlRecords.read(file, "workload", "rate: 1000", Workload.class);
  }
}
