package io.vectorstream.local.workload;

import io.vectorstream.config.SettingsException;
import io.vectorstream.config.YamlRecords;
import java.nio.file.Path;

/**
 * A workload in YAML. The fields are the components of {@link Workload} in snake case; {@code
 * workloads/README.md} explains them.
 */
public final class WorkloadFile {
  private static final String KIND = "workload";

  private WorkloadFile() {}

  /**
   * @param name a file, or the bare name of one of the workloads that come with the project
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static Workload find(String name) {
    return read(path(name));
  }

  /**
   * Returns where a workload's file is.
   *
   * @param name a file, or the bare name of one of the workloads that come with the project
   * @throws SettingsException when no workload that comes with the project has the bare name
   */
  public static Path path(String name) {
    return BundledFile.find(name, "workloads", KIND);
  }

  /**
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static Workload read(Path file) {
    return YamlRecords.read(file, KIND, "rate: 1000", Workload.class);
  }
}
