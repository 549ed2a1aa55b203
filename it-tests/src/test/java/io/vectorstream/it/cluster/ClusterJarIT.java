package io.vectorstream.it.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.it.ModuleFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The content of the jar for a cluster, beside a Spark installation's. */
class ClusterJarIT {
  private static JarFile jar;
  private static List<String> names;

  @BeforeAll
  static void open() throws IOException {
    Path file = SparkHome.programJar();
    jar = new JarFile(file.toFile());
    names = jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
    System.out.printf(
        "ClusterJarIT: %,d files, %,d MB%n", names.size(), Files.size(file) / 1_000_000);
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void nothing_is_in_it_twice() {
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void no_class_is_one_that_a_spark_installation_has() throws IOException {
    Set<String> ours = new HashSet<>(names);
    ours.removeIf(name -> !name.endsWith(".class"));
    TreeMap<String, List<String>> clashes = new TreeMap<>();
    for (Path spark : SparkHome.jars()) {
      try (JarFile other = new JarFile(spark.toFile())) {
        List<String> same = other.stream().map(JarEntry::getName).filter(ours::contains).toList();
        if (!same.isEmpty()) {
          clashes.put(spark.getFileName().toString(), same);
        }
      }
    }
    assertThat(clashes).isEmpty();
    assertThat(SparkHome.jars()).as("jars of Spark that were looked into").hasSizeGreaterThan(100);
  }

  @Test
  void of_spark_it_has_the_kafka_source_alone() {
    assertThat(names)
        .filteredOn(name -> name.startsWith("org/apache/spark/"))
        .isNotEmpty()
        .allMatch(name -> name.contains("kafka010") || name.contains("Kafka"));
    assertThat(names)
        .contains(
            "org/apache/spark/sql/kafka010/KafkaSourceProvider.class",
            "org/apache/kafka/clients/consumer/KafkaConsumer.class");
  }

  @Test
  void what_installations_have_in_other_versions_is_there_under_another_name() {
    assertThat(names)
        .noneMatch(name -> name.startsWith("com/google/common/"))
        .noneMatch(name -> name.startsWith("com/google/protobuf/"))
        .noneMatch(name -> name.startsWith("com/google/gson/"))
        .noneMatch(name -> name.startsWith("org/eclipse/jetty/"))
        .noneMatch(name -> name.startsWith("jakarta/"))
        .contains(
            "vectorstream/shaded/guava/collect/ImmutableList.class",
            "vectorstream/shaded/protobuf/Message.class",
            "vectorstream/shaded/gson/Gson.class");
  }

  @Test
  void the_native_libraries_of_one_platform_and_the_model_are_there() {
    String platform = System.getProperty("cluster.jar.platform");
    assertThat(names)
        .as("files for %s", platform)
        .contains("all-minilm-l6-v2.onnx", "all-minilm-l6-v2-tokenizer.json")
        .anyMatch(name -> name.matches("ai/onnxruntime/native/.+onnxruntime4j_jni\\..+"))
        .anyMatch(name -> name.matches("native/lib/" + platform + "/cpu/.*tokenizers\\..+"))
        .anyMatch(name -> name.matches("jnilib/" + platform + "/cpu/.*djl_torch\\..+"))
        .anyMatch(name -> name.matches("pytorch/cpu/" + platform + "/.*torch_cpu\\..+"));
    assertThat(names)
        .filteredOn(name -> name.startsWith("ai/onnxruntime/native/"))
        .as("platforms of ONNX Runtime")
        .extracting(name -> name.split("/")[3])
        .containsOnly(names("ai/onnxruntime/native/").iterator().next().split("/")[3]);
  }

  @Test
  void services_name_classes_that_are_there() throws IOException {
    TreeSet<String> services = names("META-INF/services/");
    assertThat(services)
        .contains(
            "META-INF/services/ai.djl.engine.EngineProvider",
            "META-INF/services/io.grpc.LoadBalancerProvider",
            "META-INF/services/jakarta.validation.spi.ValidationProvider",
            "META-INF/services/org.apache.spark.sql.sources.DataSourceRegister");
    List<String> missing = new ArrayList<>();
    for (String service : services) {
      lines(service)
          .filter(provider -> !names.contains(provider.replace('.', '/') + ".class"))
          .forEach(provider -> missing.add(service + ": " + provider));
    }
    assertThat(missing).isEmpty();
    assertThat(lines("META-INF/services/ai.djl.engine.EngineProvider"))
        .as("engines, which two jars bring under one name")
        .contains("ai.djl.onnxruntime.engine.OrtEngineProvider")
        .contains("ai.djl.pytorch.engine.PtEngineProvider");
  }

  @Test
  void it_carries_neither_signatures_nor_modules_of_others() {
    assertThat(names)
        .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|RSA|DSA)"))
        .noneMatch(name -> name.endsWith("module-info.class"));
  }

  @Test
  void its_manifest_names_the_command_line() throws IOException {
    assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
        .isEqualTo("io.vectorstream.cluster.Main");
    assertThat(names).contains("io/vectorstream/cluster/Main.class", "vectorstream.yaml");
    assertThat(jar.isMultiRelease()).isTrue();
  }

  /** Otherwise a second build of the same sources would give other bytes. */
  @Test
  void its_own_files_have_the_time_that_the_sources_say_and_not_that_of_the_build()
      throws IOException {
    Matcher time =
        Pattern.compile("<project.build.outputTimestamp>(.+)Z</")
            .matcher(Files.readString(ModuleFolder.path().resolve("../pom.xml")));
    assertThat(time.find()).isTrue();
    for (String file :
        List.of(
            "META-INF/MANIFEST.MF",
            "META-INF/THIRD-PARTY.txt",
            "io/vectorstream/cluster/Main.class",
            "io/vectorstream/store/VectorStore.class",
            "vectorstream.yaml")) {
      assertThat(jar.getEntry(file).getTimeLocal())
          .as(file)
          .isEqualTo(LocalDateTime.parse(time.group(1)));
    }
  }

  private static TreeSet<String> names(String prefix) {
    TreeSet<String> found = new TreeSet<>();
    names.stream().filter(name -> name.startsWith(prefix)).forEach(found::add);
    return found;
  }

  private static Stream<String> lines(String name) throws IOException {
    String text = new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
    return text.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(l -> !l.isEmpty());
  }
}
