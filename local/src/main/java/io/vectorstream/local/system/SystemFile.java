package io.vectorstream.local.system;

import io.vectorstream.config.SettingsException;
import io.vectorstream.config.YamlRecords;
import io.vectorstream.config.YamlRecords.Problems;
import io.vectorstream.local.workload.BundledFile;
import java.nio.file.Path;

/**
 * The description of a system in YAML. The fields are the components of {@link SystemDescription}
 * in snake case; {@code docs/systems.md} explains them.
 */
public final class SystemFile {
  private static final String KIND = "system";

  private SystemFile() {}

  /**
   * @param name a file, or the bare name of one of those that come with the project
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static SystemDescription find(String name) {
    return read(BundledFile.find(name, "systems", KIND));
  }

  static SystemDescription read(Path file) {
    return YamlRecords.read(
        file, KIND, "promise: at_least_once", SystemDescription.class, SystemFile::check);
  }

  private static void check(SystemDescription system, Problems problems) {
    if (system.points().eventId() == null && !system.points().haveIdsOfEvents()) {
      problems.of(
          "points",
          "nothing says which event a point is; expected event_id: FIELD, or id_is_event_id: true");
    }
    if (system.acknowledged() != null
        && (system.acknowledged().consumerGroup() == null)
            == (system.acknowledged().sparkCheckpoint() == null)) {
      problems.of("acknowledged", "expected consumer_group or spark_checkpoint, one of the two");
    }
    if (system.ready() != null && system.ready().text() == null && system.ready().url() == null) {
      problems.of("ready", "expected text or url");
    }
    if (!system.isStarted() && !system.files().isEmpty()) {
      problems.of("files", "nothing reads them; expected start, the command of the system");
    }
    for (SystemDescription.Sum sum : system.sums()) {
      if (sum.counts() == null && sum.revenue() == null) {
        problems.of("sums", "nothing is summed by " + sum.key() + "; expected counts or revenue");
      }
    }
  }
}
