package io.vectorstream.local.against;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {
  @TempDir private Path folder;

  private Build find(String other) throws InterruptedException {
    return Build.find(other, folder, folder.resolve("build.log"), System.out);
  }

  /** Makes a program that says which one it is. */
  private Path program(String says) throws IOException {
    Path file = Files.writeString(folder.resolve("vectorstream"), "#!/bin/sh\necho " + says + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private static void git(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("git", "-C", folder.toString(), "-c", "user.name=a", "-c", "user.email=a@b"));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void a_folder_is_a_checkout_with_its_own_launcher() throws Exception {
    Path launcher = program("checkout");

    try (Build build = find(folder.toString())) {
      assertThat(build.command()).containsExactly(launcher.toString());
    }
  }

  @Test
  void a_folder_without_a_launcher_is_refused() {
    assertThatThrownBy(() -> find(folder.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a folder without the program vectorstream");
  }

  @Test
  void a_jar_runs_in_this_java() throws Exception {
    Path jar = Files.createFile(folder.resolve("old.jar"));

    try (Build build = find(jar.toString())) {
      assertThat(build.command().get(0)).endsWith("java");
      assertThat(build.command()).endsWith("-cp", jar.toString(), "io.vectorstream.local.Main");
    }
  }

  @Test
  void a_commit_is_built_in_a_worktree_that_goes_when_it_is_closed() throws Exception {
    git(folder, "init", "-q");
    program("old");
    git(folder, "add", "vectorstream");
    git(folder, "commit", "-q", "-m", "old");
    git(folder, "tag", "v1");
    program("new");

    Path launcher;
    try (Build build = find("v1")) {
      launcher = Path.of(build.command().get(0));
      assertThat(build.name()).startsWith("v1 (");
      assertThat(launcher).content().contains("echo old");
      assertThat(folder.resolve("build.log")).content().isEqualToIgnoringNewLines("old");
    }
    assertThat(launcher).doesNotExist();
  }

  @Test
  void what_is_none_of_these_is_named() {
    assertThatThrownBy(() -> find("v9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--against v9 is not there")
        .hasMessageContaining("a commit of " + folder);
  }
}
