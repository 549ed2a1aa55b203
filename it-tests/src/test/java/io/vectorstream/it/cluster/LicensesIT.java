package io.vectorstream.it.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.it.ModuleFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The list of artifacts that are bundled in the jar for a cluster, with the licence files of each.
 * The content of the jar shows which ones are bundled.
 */
class LicensesIT {
  private static final String TEXTS = "META-INF/licenses/";
  private static final String FOR_PAGES = "META-INF/resources/";

  /** The share below which files of an artifact are there by chance, with common names. */
  private static final double PART = 0.25;

  private static final Pattern SAYS =
      Pattern.compile(
          "(?i)(.*/)?([^/]*(licen[sc]e|notice|copying)[^/]*|about\\.html|al2\\.0|lgpl2\\.1)");

  /** {@code (Apache-2.0) (MIT) Name (group:artifact:version - url)}. */
  private static final Pattern LISTED =
      Pattern.compile("(?m)^\\s*((?:\\([^)]+\\) )+).* \\(([\\w.-]+):([\\w.-]+):([\\w.-]+) - .*$");

  /** The build's renaming of packages. */
  private static final Map<String, String> RENAMED =
      Map.of(
          "com/google/common/", "guava/",
          "com/google/gson/", "gson/",
          "com/google/protobuf/", "protobuf/",
          "io/opentelemetry/", "opentelemetry/",
          "jakarta/activation/", "activation/",
          "jakarta/xml/bind/", "xmlbind/",
          "org/eclipse/jetty/", "jetty/");

  private record Artifact(Path file, String name, String version) {
    static Artifact of(Path file) {
      Path version = file.getParent();
      return new Artifact(
          file, version.getParent().getFileName().toString(), version.getFileName().toString());
    }

    String id() {
      return name + ":" + version;
    }

    /** Its folder in the jar, which is called after its file. */
    String folder() {
      return TEXTS + file.getFileName().toString().replaceFirst("\\.jar$", "-jar/");
    }
  }

  private static JarFile jar;
  private static Set<String> names;
  private static List<Artifact> bundled;

  /** Artifacts without content, which are there for their dependencies. */
  private static Set<String> empty;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(SparkHome.programJar().toFile());
    names = jar.stream().map(JarEntry::getName).collect(Collectors.toCollection(HashSet::new));
    bundled = new ArrayList<>();
    empty = new HashSet<>();
    Path classPath = SparkHome.programJar().resolveSibling("classpath.txt");
    for (String path : Files.readString(classPath).strip().split(File.pathSeparator)) {
      Artifact artifact = Artifact.of(Path.of(path));
      List<String> content = content(artifact.file());
      if (content.isEmpty()) {
        empty.add(artifact.id());
      } else if (isBundled(content)) {
        bundled.add(artifact);
      }
    }
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  /** Of a library for pages one file is enough: it has the library and its version in its path. */
  private static boolean isBundled(List<String> content) {
    List<String> found = content.stream().filter(names::contains).toList();
    return found.size() >= PART * content.size()
        || found.stream().anyMatch(name -> name.startsWith(FOR_PAGES));
  }

  /** Returns the content of an artifact, under the names that the build gives it. */
  private static List<String> content(Path file) throws IOException {
    try (JarFile other = new JarFile(file.toFile())) {
      return other.stream()
          .filter(entry -> !entry.isDirectory())
          .map(JarEntry::getName)
          .filter(name -> !name.startsWith("META-INF/") || name.startsWith(FOR_PAGES))
          .filter(name -> !SAYS.matcher(name).matches() && !name.endsWith("module-info.class"))
          .map(LicensesIT::renamed)
          .toList();
    }
  }

  private static String renamed(String name) {
    return RENAMED.entrySet().stream()
        .filter(packages -> name.startsWith(packages.getKey()))
        .map(
            packages ->
                "vectorstream/shaded/"
                    + packages.getValue()
                    + name.substring(packages.getKey().length()))
        .findFirst()
        .orElse(name);
  }

  /** Returns the files of an artifact about its licence, by their path. */
  private static Map<String, byte[]> sayings(Path file) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    try (JarFile other = new JarFile(file.toFile())) {
      for (JarEntry entry : other.stream().toList()) {
        if (!entry.isDirectory()
            && !entry.getName().endsWith(".class")
            && SAYS.matcher(entry.getName()).matches()) {
          found.put(entry.getName(), other.getInputStream(entry).readAllBytes());
        }
      }
    }
    return found;
  }

  /** Licences by artifact and version, as the jar lists them. */
  private static Map<String, String> listed() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    Matcher line = LISTED.matcher(text("META-INF/THIRD-PARTY.txt"));
    while (line.find()) {
      listed.put(line.group(3) + ":" + line.group(4), line.group(1).strip());
    }
    return listed;
  }

  private static String text(String name) throws IOException {
    assertThat(names).contains(name);
    return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
  }

  @Test
  void what_is_bundled_is_listed_and_nothing_else() throws IOException {
    assertThat(bundled).extracting(Artifact::name).contains("onnxruntime", "echarts", "gson");
    Set<String> listed = new HashSet<>(listed().keySet());
    listed.removeAll(empty);
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            bundled.stream().map(Artifact::id).distinct().toList());
  }

  @Test
  void every_licence_and_notice_that_an_artifact_brings_is_there_as_it_is() throws IOException {
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (Artifact artifact : bundled) {
      for (Map.Entry<String, byte[]> file : sayings(artifact.file()).entrySet()) {
        JarEntry entry = jar.getJarEntry(artifact.folder() + file.getKey());
        if (entry == null
            || !Arrays.equals(jar.getInputStream(entry).readAllBytes(), file.getValue())) {
          missing.add(artifact.id() + ": " + file.getKey());
        }
        found++;
      }
    }
    assertThat(missing).isEmpty();
    assertThat(found).isGreaterThan(50);
  }

  @Test
  void an_artifact_that_brings_none_is_under_the_licence_of_this_project_or_has_its_text_here()
      throws IOException {
    assertThat(text("META-INF/LICENSE"))
        .isEqualTo(Files.readString(ModuleFolder.path().resolve("../LICENSE")));
    Map<String, String> licences = listed();
    for (Artifact artifact : bundled) {
      if (sayings(artifact.file()).isEmpty()
          && !licences.get(artifact.id()).contains("(Apache-2.0)")) {
        assertThat(names).contains(TEXTS + artifact.name() + "/LICENSE.txt");
      }
    }
  }

  @Test
  void the_model_and_what_jars_do_not_say_has_its_words() throws IOException {
    assertThat(text(TEXTS + "all-MiniLM-L6-v2/NOTICE.txt"))
        .contains("sentence-transformers", "Apache License 2.0");
    assertThat(text(TEXTS + "onnxruntime/LICENSE.txt"))
        .contains("MIT License", "Microsoft Corporation");
    assertThat(text(TEXTS + "pytorch-native-cpu/LICENSE.txt")).contains("From PyTorch:");
    assertThat(text(TEXTS + "zrender/LICENSE.txt")).contains("BSD 3-Clause", "Baidu");
    assertThat(text(TEXTS + "protobuf-java/LICENSE.txt")).contains("Google Inc.");
    assertThat(text("META-INF/NOTICE")).startsWith("VectorStream\n");
  }
}
