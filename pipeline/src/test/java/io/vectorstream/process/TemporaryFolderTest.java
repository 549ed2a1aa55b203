package io.vectorstream.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
  @TempDir private Path place;

  @Test
  void it_goes_with_all_that_is_in_it() throws IOException {
    TemporaryFolder temporary = TemporaryFolder.create(place);
    Files.createDirectories(temporary.folder().resolve("a/b"));
    Files.writeString(temporary.folder().resolve("a/b/model.onnx"), "model");

    temporary.close();

    assertThat(place).isEmptyDirectory();
  }

  /** Any process gets the lock from the operating system, because none holds it. */
  @Test
  void what_a_killed_process_left_is_deleted_by_the_next_start() throws IOException {
    leftBy("vectorstream-123");
    leftBy("vectorstream-456");

    try (TemporaryFolder temporary = TemporaryFolder.create(place)) {
      assertThat(files())
          .containsExactlyInAnyOrder(
              temporary.folder(), place.resolve(temporary.folder().getFileName() + ".lock"));
    }
  }

  @Test
  void that_of_a_living_process_stays() throws Exception {
    Path living = leftBy("vectorstream-123");
    Process process = LockingProcess.start(place.resolve("vectorstream-123.lock"));
    try {
      TemporaryFolder.create(place).close();
      assertThat(living.resolve("model.onnx")).exists();
    } finally {
      process.destroyForcibly().waitFor();
    }
    TemporaryFolder.create(place).close();
    assertThat(living).doesNotExist();
  }

  @Test
  void that_of_this_process_stays_locked() throws Exception {
    try (TemporaryFolder first = TemporaryFolder.create(place)) {
      // This checks the lock file of the first.
      TemporaryFolder.create(place).close();

      Path lock = place.resolve(first.folder().getFileName() + ".lock");
      assertThat(LockingProcess.canLock(lock)).as("the lock is free").isFalse();
      assertThat(first.folder()).isDirectory();
    }
  }

  @Test
  void other_files_and_those_behind_links_stay() throws IOException {
    Path others = Files.createDirectory(place.resolve("vectorstream-mine"));
    Path aimedAt = Files.writeString(place.resolve("precious"), "mine");
    Files.createSymbolicLink(place.resolve("vectorstream-123.lock"), aimedAt);
    Files.createSymbolicLink(leftBy("vectorstream-456").resolve("link"), others);

    TemporaryFolder.create(place).close();

    assertThat(files())
        .containsExactlyInAnyOrder(others, aimedAt, place.resolve("vectorstream-123.lock"));
  }

  private Path leftBy(String name) throws IOException {
    Files.createFile(place.resolve(name + ".lock"));
    Path folder = Files.createDirectory(place.resolve(name));
    Files.writeString(folder.resolve("model.onnx"), "model");
    return folder;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.toList();
    }
  }
}
