package io.vectorstream.it.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vectorstream.it.ChildProgram;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search by another user of the machine for files about shoppers. */
class PrivateFilesIT {

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  @Test
  void nobody_else_on_the_machine_may_read_what_a_run_keeps(@TempDir Path folder) throws Exception {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path data = folder.resolve("kept/data");
    List<String> arguments =
        List.of(
            "demo",
            "--data",
            data.toString(),
            "--rate",
            "50",
            "--duration",
            "10s",
            "--trigger",
            "1s",
            "--kafka-port",
            "0",
            "--qdrant-port",
            "0",
            "--set",
            "http.port=0");
    // With the most open umask.
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
    command.addAll(ChildProgram.command(data.resolveSibling("log"), List.of(), arguments));
    try (ChildProgram demo = ChildProgram.startedBy(folder, Map.of(), command)) {
      demo.awaitText("Starting Kafka");
      demo.awaitEnd();
      assertThat(demo.said()).contains("stored");
    }

    for (String kept : List.of("kafka", "store", "checkpoint/offsets", "checkpoint/commits")) {
      assertThat(data.resolve(kept)).isNotEmptyDirectory();
    }
    assertThat(data.resolveSibling("log/vectorstream.log")).isNotEmptyFile();
    try (Stream<Path> all = Files.walk(folder.resolve("kept"))) {
      assertThat(all.filter(PrivateFilesIT::isOpen)).isEmpty();
    }
  }

  private static boolean isOpen(Path path) {
    try {
      return !OWNERS.containsAll(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new AssertionError(path + " cannot be looked at", e);
    }
  }
}
