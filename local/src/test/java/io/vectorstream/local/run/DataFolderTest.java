package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir private Path parent;

  @Test
  void a_folder_with_other_things_is_refused_and_left_alone() throws IOException {
    Path other = Files.writeString(parent.resolve("thesis.txt"), "years of work");

    assertThatThrownBy(() -> DataFolder.open(parent))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(parent.toString())
        .hasMessageContaining("expected an empty one");
    assertThat(other).hasContent("years of work");
  }

  @Test
  void what_an_earlier_run_left_is_removed_on_demand() throws IOException {
    Path folder = parent.resolve("demo");
    try (DataFolder first = DataFolder.open(folder)) {
      Files.createDirectories(first.checkpoint().resolve("offsets"));
    }
    try (DataFolder second = DataFolder.open(folder)) {
      assertThat(second.checkpoint()).exists();
      second.empty();
      assertThat(second.checkpoint()).doesNotExist();
    }
    assertThat(folder).exists();
  }

  @Test
  void a_folder_in_use_is_refused_until_it_is_let_go_of() {
    Path folder = parent.resolve("demo");
    try (DataFolder first = DataFolder.open(folder)) {
      assertThat(first.path()).isEqualTo(folder);
      assertThatThrownBy(() -> DataFolder.open(folder))
          .isInstanceOf(RunException.class)
          .hasMessageContaining("in use");
    }
    DataFolder.open(folder).delete();
    assertThat(folder).doesNotExist();
  }
}
