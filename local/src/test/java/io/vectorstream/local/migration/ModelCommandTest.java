package io.vectorstream.local.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.local.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The refusals of wrong use that need no services. */
class ModelCommandTest {

  private final StringWriter said = new StringWriter();

  private int run(String... arguments) {
    PrintWriter to = new PrintWriter(said);
    return Main.commandLine().setOut(to).setErr(to).execute(arguments);
  }

  @Test
  void a_folder_that_is_not_there_is_told_by_the_option_that_names_it() {
    assertThat(run("model", "migrate", "--to", "/no/such/folder")).isEqualTo(2);
    assertThat(said.toString())
        .startsWith("--to: '/no/such/folder' is no folder; expected a folder with a model")
        .doesNotContain("--set", "embedding.model");
  }

  @Test
  void a_folder_without_a_model_is_told_in_the_same_way(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("readme.txt"), "nothing");
    assertThat(run("model", "migrate", "--to", folder.toString())).isEqualTo(2);
    assertThat(said.toString()).startsWith("--to: '" + folder + "' cannot be taken: ");
  }

  @Test
  void a_migration_needs_a_model() {
    assertThat(run("model", "migrate")).isEqualTo(2);
    assertThat(said.toString()).contains("--to");
  }

  @Test
  void every_command_is_in_the_help_of_the_group() {
    assertThat(run("model")).isZero();
    assertThat(said.toString())
        .contains("migrate", "status", "compare", "switch", "switch-back", "cancel", "drop-old");
  }
}
