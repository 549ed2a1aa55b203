package io.vectorstream.it.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The files that a process leaves behind, however it ends: none. */
@ExtendWith(SharedServices.class)
class ProcessEndIT {
  private static final String REFUSED = "spark.properties.spark.speculation=true";
  private static final int SIGTERM = 128 + 15;

  /** Makes the start fail while ONNX Runtime loads the model, which takes two more seconds. */
  private static final String HELD =
      """
      RULE model is being loaded
      CLASS ai.djl.onnxruntime.engine.OrtModel
      METHOD load
      AT ENTRY
      IF TRUE
      DO signalWake("loading", true);
         traceln("LOADING");
         Thread.sleep(2000)
      ENDRULE
      RULE model is loaded
      CLASS ai.djl.onnxruntime.engine.OrtModel
      METHOD load
      AT EXIT
      IF TRUE
      DO traceln("LOADED")
      ENDRULE
      RULE start is checked
      CLASS io.vectorstream.stream.SubmittedSpark
      METHOD requireOneAttempt
      AT ENTRY
      IF TRUE
      DO waitFor("loading", 60000)
      ENDRULE
      """;

  @Test
  void a_refused_start_waits_for_the_model_that_is_being_loaded(
      Services services, @TempDir Path folder) throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path rules = Files.writeString(folder.resolve("held.btm"), HELD);
    try (Deployment deployment = new Deployment(services, folder, REFUSED)) {
      for (int start = 0; start < 2; start++) {
        try (ChildProgram program =
            start(deployment, folder.resolve("run" + start), temporary, rules)) {
          assertThat(program.awaitEnd()).as(program.said()).isEqualTo(1);
          // One of the two that it would load: the next does not begin.
          assertThat(program.said().lines().filter(line -> line.startsWith("LOAD")))
              .containsExactly("LOADING", "LOADED");
          assertThat(program.said()).contains("spark.speculation is true");
        }
        assertThat(temporary).isEmptyDirectory();
      }
    }
  }

  @Test
  void a_process_that_is_told_to_end_leaves_no_temporary_files(
      Services services, @TempDir Path folder) throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (Deployment deployment = new Deployment(services, folder);
        ChildProgram program = start(deployment, folder, temporary, null)) {
      program.awaitText("Reading ");
      assertThat(temporary).isNotEmptyDirectory();
      program.terminate();
      assertThat(program.awaitEnd()).as(program.said()).isEqualTo(SIGTERM);
      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  void what_a_killed_one_leaves_goes_with_the_next_start(Services services, @TempDir Path folder)
      throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (Deployment deployment = new Deployment(services, folder)) {
      try (ChildProgram program = start(deployment, folder, temporary, null)) {
        program.awaitText("Reading ");
        program.kill();
      }
      assertThat(temporary).isNotEmptyDirectory();
      try (ChildProgram next =
          ChildProgram.startedBy(
              folder.resolve("next"),
              Map.of(),
              ChildProgram.command(
                  folder.resolve("next"),
                  List.of("-Djava.io.tmpdir=" + temporary),
                  List.of("--version")))) {
        assertThat(next.awaitEnd()).as(next.said()).isZero();
      }
      assertThat(temporary).isEmptyDirectory();
    }
  }

  private static ChildProgram start(Deployment deployment, Path folder, Path temporary, Path rules)
      throws IOException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary));
    if (rules != null) {
      flags.add(ChildProgram.byteman(rules));
    }
    List<String> settings = new ArrayList<>(deployment.given());
    settings.addAll(List.of("http.enabled=true", "http.port=0"));
    return ChildProgram.startedBy(
        folder,
        Map.of(),
        ChildProgram.command(folder, flags, ChildProgram.arguments("run", settings)));
  }
}
