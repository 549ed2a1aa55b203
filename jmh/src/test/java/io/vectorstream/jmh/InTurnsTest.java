package io.vectorstream.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InTurnsTest {
  @TempDir private Path folder;

  private final List<List<String>> commands = new ArrayList<>();
  private final StringWriter err = new StringWriter();
  private double speedOfNew = 1;

  @BeforeEach
  void make_two_jars() throws IOException {
    Files.createFile(folder.resolve("old.jar"));
    Files.createFile(folder.resolve("new.jar"));
  }

  /** Writes what a fork of JMH would, on a machine that gets slower. */
  private int fork(List<String> command) throws IOException {
    commands.add(command);
    double score = 1000.0 - 100 * (commands.size() / 2);
    if (command.contains(folder.resolve("new.jar").toString())) {
      score *= speedOfNew;
    }
    Files.writeString(
        Path.of(command.get(command.indexOf("-rff") + 1)),
        """
        [{"jmhVersion": "1.37", "benchmark": "a.B.c", "mode": "thrpt", "threads": 1, "forks": 1,
          "measurementIterations": 1, "jdkVersion": "17", "vmName": "a VM", "params": {"n": "1"},
          "primaryMetric": {"score": %1$s, "scoreError": "NaN", "scoreUnit": "ops/s",
          "rawData": [[%1$s]]}}]
        """
            .formatted(score));
    return 0;
  }

  private String run(int expectedStatus, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--baseline=" + folder.resolve("old.jar"),
                "--jar=" + folder.resolve("new.jar"),
                "--out=" + folder.resolve("out"),
                "--pairs=4"));
    arguments.addAll(List.of(more));
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      assertThat(
              new CommandLine(new InTurns(this::fork))
                  .setErr(new PrintWriter(err, true))
                  .execute(arguments.toArray(String[]::new)))
          .as(() -> err.toString())
          .isEqualTo(expectedStatus);
    } finally {
      System.setOut(before);
    }
    return told.toString(StandardCharsets.UTF_8);
  }

  @Test
  void forks_take_turns_and_get_what_jmh_is_told() {
    run(0, "--", "Search", "-p", "n=1");

    assertThat(commands)
        .extracting(command -> Path.of(command.get(2)).getFileName().toString())
        .containsExactly(
            "old.jar", "new.jar", "new.jar", "old.jar", "old.jar", "new.jar", "new.jar", "old.jar");
    assertThat(commands).allSatisfy(command -> assertThat(command).endsWith("Search", "-p", "n=1"));
  }

  @Test
  void a_regression_names_the_benchmark_the_ratio_and_the_interval() {
    speedOfNew = 0.5;

    assertThat(run(1)).containsPattern("WORSE +c, n=1, ops/s .* 0\\.5\\d\\d +0\\.\\d+ to 0\\.\\d+");
  }

  @Test
  void results_of_before_are_not_mixed_with_new_ones() {
    run(0);
    run(2);

    assertThat(err.toString()).contains("has files in it; expected an empty folder");
  }
}
