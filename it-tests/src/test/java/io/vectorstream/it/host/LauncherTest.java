package io.vectorstream.it.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vectorstream.it.ModuleFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flags that {@code ./vectorstream} gives to Java, whatever Java it is. */
class LauncherTest {
  private static final String NEEDED =
      "java.base java.desktop java.logging java.management java.naming java.security.jgss java.sql"
          + " java.xml jdk.management jdk.security.auth jdk.unsupported jdk.zipfs";

  private static final String VECTORS = "jdk.incubator.vector";

  @TempDir private Path folder;
  private Path root;

  /** Makes the files of a build. */
  @BeforeEach
  void build() throws IOException {
    root = Files.createDirectory(folder.resolve("project"));
    Path script = ModuleFolder.path().getParent().resolve("vectorstream");
    Files.copy(script, root.resolve("vectorstream"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String module : List.of("shop", "pipeline", "generator", "reports", "local")) {
      Files.createDirectories(root.resolve(module + "/target/classes"));
    }
    Path launcher = Files.createDirectories(root.resolve("local/target/launcher"));
    Files.writeString(launcher.resolve("jvm.flags"), "-XX:+IgnoreUnrecognizedVMOptions");
    Files.writeString(root.resolve("local/target/classpath.txt"), "libraries.jar");
    Files.createFile(launcher.resolve("built"));
  }

  @Test
  void the_vector_api_is_asked_for_where_there_is_one() throws Exception {
    Path whole = java("17.0.15", NEEDED + " " + VECTORS);
    Path small = java("17.0.15", NEEDED);

    assertThat(flags(whole, Map.of(), "demo")).contains("--add-modules=" + VECTORS);
    assertThat(flags(whole, Map.of(), "run")).doesNotContain("--add-modules=" + VECTORS);
    assertThat(flags(small, Map.of(), "demo")).doesNotContain("--add-modules=" + VECTORS);
  }

  @Test
  void newer_javas_are_told_that_their_warnings_are_known() throws Exception {
    String known = "--sun-misc-unsafe-memory-access=allow";

    assertThat(flags(java("17.0.15", NEEDED), Map.of(), "run")).doesNotContain(known);
    assertThat(flags(java("21.0.2", NEEDED), Map.of(), "run")).doesNotContain(known);
    assertThat(flags(java("25.0.1", NEEDED), Map.of(), "run")).contains(known);
    assertThat(flags(java("25", NEEDED), Map.of(), "run")).contains(known);
  }

  @Test
  void what_a_java_lacks_is_said_in_one_line() throws Exception {
    assertThat(said(java("17.0.15", NEEDED.replace("jdk.zipfs", "")), Map.of(), "demo"))
        .singleElement()
        .asString()
        .contains("missing: jdk.zipfs; expected a whole Java");
    assertThat(said(java("11.0.2", NEEDED), Map.of(), "demo"))
        .singleElement()
        .asString()
        .contains("is Java 11; expected 17 or newer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "VECTORSTREAM_JAVA_OPTS",
        "_JAVA_OPTIONS"
      })
  void a_collector_or_a_heap_that_is_given_is_the_only_one(String variable) throws Exception {
    Path java = java("17.0.15", NEEDED);

    assertThat(flags(java, Map.of(), "run")).contains("-XX:+UseParallelGC", "-Xmx2g", "-Xmn1200m");
    assertThat(flags(java, Map.of(variable, "-XX:+UseG1GC"), "run"))
        .contains("-Xmx2g")
        .doesNotContain("-XX:+UseParallelGC");
    for (String heap : List.of("-Xmx512m", "-XX:MaxRAMPercentage=60")) {
      assertThat(flags(java, Map.of(variable, heap), "run"))
          .contains("-XX:+UseParallelGC")
          .doesNotContain("-Xmx2g", "-Xmn1200m");
    }
  }

  /** Runs with the Java of this test, which would refuse two collectors. */
  @ParameterizedTest
  @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
  void java_starts_with_a_collector_of_the_user_s(String variable) throws Exception {
    Map<String, String> environment = Map.of(variable, "-XX:+UseSerialGC");
    List<String> flags = flags(Path.of(System.getProperty("java.home")), environment, "demo");

    assertThat(starts(Path.of(System.getProperty("java.home")), flags, environment)).isZero();
  }

  @Test
  void java_starts_where_it_was_made_small() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    assumeThat(home.resolve("jmods")).as("what a small runtime is made of").isDirectory();
    Path small = folder.resolve("small");
    Process jlink =
        new ProcessBuilder(
                home.resolve("bin/jlink").toString(),
                "--add-modules",
                NEEDED.replace(' ', ','),
                "--output",
                small.toString())
            .inheritIO()
            .start();
    assertThat(jlink.waitFor()).isZero();

    assertThat(starts(small, flags(small, Map.of(), "demo"), Map.of())).isZero();
    // The launcher asks Java itself if no file describes it.
    Files.delete(small.resolve("release"));
    assertThat(starts(small, flags(small, Map.of(), "demo"), Map.of())).isZero();
  }

  /** Makes a program that is started like Java, and prints its flags. */
  private Path java(String version, String modules) throws IOException {
    Path home = Files.createTempDirectory(folder, "java");
    Path program = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"N/A\"\nJAVA_VERSION=\"%s\"\nMODULES=\"%s\"\n".formatted(version, modules));
    return home;
  }

  /** Returns the flags that Java is given, up to the class path. */
  private List<String> flags(Path home, Map<String, String> environment, String command)
      throws Exception {
    Path java = home;
    if (!Files.readString(home.resolve("bin/java"), StandardCharsets.ISO_8859_1).startsWith("#!")) {
      java = sameAs(home);
    }
    List<String> said = said(java, environment, command);
    assertThat(said).contains("-cp");
    return said.subList(0, said.indexOf("-cp"));
  }

  /** Makes a program that prints its flags, and otherwise answers like the given Java. */
  private Path sameAs(Path home) throws IOException {
    Path same = java("0", "");
    Path release = same.resolve("release");
    Files.delete(release);
    if (Files.exists(home.resolve("release"))) {
      Files.copy(home.resolve("release"), release);
    } else {
      Files.writeString(
          same.resolve("bin/java"),
          "#!/bin/sh\n[ \"$1\" = --list-modules ] && exec '%s/bin/java' \"$@\"\nprintf '%%s\\n' \"$@\"\n"
              .formatted(home));
    }
    return same;
  }

  private List<String> said(Path home, Map<String, String> environment, String command)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("vectorstream").toString(), command)
            .redirectErrorStream(true);
    clean(builder).putAll(environment);
    builder.environment().put("JAVA_HOME", home.toString());
    Process process = builder.start();
    List<String> lines = process.inputReader().lines().toList();
    process.waitFor();
    return lines;
  }

  /** Returns the status of that Java when it is given the flags, and only asked for its version. */
  private static int starts(Path home, List<String> flags, Map<String, String> environment)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    command.addAll(flags);
    command.add("-version");
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    clean(builder).putAll(environment);
    return builder.start().waitFor();
  }

  private static Map<String, String> clean(ProcessBuilder builder) {
    Map<String, String> environment = builder.environment();
    Stream.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "VECTORSTREAM_JAVA_OPTS")
        .forEach(environment::remove);
    return environment;
  }
}
