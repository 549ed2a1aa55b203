package io.vectorstream.it.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pipeline on unusual machines. */
@ExtendWith(SharedServices.class)
class OddHostIT {
  /** Neither name resolves; the first cannot even be part of an address for Spark. */
  @ParameterizedTest
  @ValueSource(strings = {"my_shop", "nowhere.invalid"})
  void a_host_name_does_not_matter(String name, Services services, @TempDir Path folder)
      throws Exception {
    List<String> inHost =
        List.of("unshare", "--uts", "sh", "-c", "hostname " + name + "; exec \"$@\"", "sh");
    assumeCanStart(inHost);
    assertStores(services, folder, inHost, List.of());
  }

  @Test
  void a_user_whom_the_system_does_not_know(Services services, @TempDir Path folder)
      throws Exception {
    // It keeps the right to read the class path, which may be in another user's home.
    List<String> asNobody =
        List.of(
            "setpriv",
            "--reuid=12345",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override");
    assumeCanStart(asNobody);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    // Whether it may read the page's files is checked in a way that does not consider that right.
    assertStores(services, folder, asNobody, List.of(), "http.enabled=false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "ar-EG-u-nu-arab", "tr-TR"})
  void the_language_of_the_machine_does_not_matter(
      String language, Services services, @TempDir Path folder) throws Exception {
    assertStores(services, folder, List.of(), languageFlags(language));
  }

  @Nightly
  @ParameterizedTest
  @ValueSource(strings = {"fa-IR", "ar-EG-u-nu-arab", "tr-TR"})
  void embedded_services_have_addresses_in_any_language(String language, @TempDir Path folder)
      throws Exception {
    try (ChildProgram program =
        ChildProgram.startedBy(
            folder,
            Map.of(),
            ChildProgram.command(
                folder,
                languageFlags(language),
                List.of(
                    "services",
                    "--data",
                    folder.resolve("data").toString(),
                    "--kafka-port",
                    "0",
                    "--qdrant-port",
                    "0")))) {
      program.awaitText("Ctrl-C stops.");
      assertThat(program.said()).containsPattern("Kafka +\\S+:[0-9]+\\R");
    }
  }

  private static List<String> languageFlags(String tag) {
    String[] parts = tag.split("-", 3);
    List<String> flags =
        new ArrayList<>(List.of("-Duser.language=" + parts[0], "-Duser.country=" + parts[1]));
    if (parts.length == 3) {
      flags.add("-Duser.extensions=" + parts[2]);
    }
    return flags;
  }

  private static void assumeCanStart(List<String> prefix) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    boolean works;
    try {
      works = new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      works = false;
    }
    assumeThat(works).as("this user may start a program by " + prefix.get(0)).isTrue();
  }

  private static void assertStores(
      Services services, Path folder, List<String> prefix, List<String> flags, String... overrides)
      throws Exception {
    try (Deployment deployment = new Deployment(services, folder, overrides)) {
      deployment.send(
          Shop.event("view", "ada", Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8)));
      try (ChildProgram program = start(deployment, folder, prefix, flags)) {
        program.awaitText("Reading ");
        program.await(() -> deployment.stored().countEvents() == 1);
      }
    }
  }

  private static ChildProgram start(
      Deployment deployment, Path folder, List<String> prefix, List<String> flags)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    all.addAll(flags);
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        ChildProgram.command(folder, all, ChildProgram.arguments("run", deployment.given())));
    return ChildProgram.startedBy(folder, Map.of(), command);
  }
}
