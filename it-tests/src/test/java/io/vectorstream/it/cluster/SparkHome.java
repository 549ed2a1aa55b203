package io.vectorstream.it.cluster;

import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.ModuleFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark installation: Spark's jars and nothing of the program's. Executors take their class path
 * from it.
 */
final class SparkHome {
  private static final String LOGGING =
      """
      rootLogger.level = warn
      rootLogger.appenderRef.stderr.ref = stderr
      appender.stderr.type = Console
      appender.stderr.name = stderr
      appender.stderr.target = SYSTEM_ERR
      appender.stderr.layout.type = PatternLayout
      appender.stderr.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1.}: %m%n
      logger.vectorstream.name = io.vectorstream
      logger.vectorstream.level = info
      logger.master.name = org.apache.spark.deploy.master.Master
      logger.master.level = info
      """;

  private final Path home;

  private SparkHome(Path home) {
    this.home = home;
  }

  /**
   * Makes one from Maven's jars in {@code target}, where the executors' output stays.
   *
   * @param test the class that uses it, because others may run at the same time
   */
  static SparkHome create(Class<?> test) throws IOException {
    Path folder = ModuleFolder.path().resolve("target/spark-home").resolve(test.getSimpleName());
    FileUtils.deleteDirectory(folder.toFile());
    Path jars = Files.createDirectories(folder.resolve("jars"));
    for (Path jar : jars()) {
      Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
    }
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("log4j2.properties"), LOGGING);
    return new SparkHome(folder);
  }

  /** Every jar of an installation. */
  static List<Path> jars() throws IOException {
    Path list = Path.of(property("spark.home.classpath"));
    return Stream.of(Files.readString(list).strip().split(":")).map(Path::of).toList();
  }

  /** The program's jar for a cluster. */
  static Path programJar() {
    return Path.of(property("cluster.jar"));
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null || !Files.exists(Path.of(value))) {
      throw new IllegalStateException(
          "-D%s is %s; expected a file that 'mvn package -pl it-tests -am' makes"
              .formatted(name, value));
    }
    return value;
  }

  /**
   * Runs the program as {@code bin/spark-submit} does.
   *
   * @param folder where its output goes
   * @param conf Spark's own settings
   * @param arguments of the program
   */
  ChildProgram submit(Path folder, String master, Map<String, String> conf, List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("--master", master));
    conf.forEach((name, value) -> all.addAll(List.of("--conf", name + "=" + value)));
    all.addAll(List.of("--class", "io.vectorstream.cluster.Main", programJar().toString()));
    all.addAll(arguments);
    return start(folder, "org.apache.spark.deploy.SparkSubmit", "1g", all);
  }

  /**
   * Starts a program of Spark's own.
   *
   * @param folder where its output goes
   * @param heap its size at most
   */
  ChildProgram start(Path folder, String program, String heap, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ChildProgram.java());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx" + heap));
    command.addAll(List.of("-cp", home.resolve("conf") + ":" + home.resolve("jars") + "/*"));
    command.add(program);
    command.addAll(arguments);
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME",
            home.toString(),
            "SPARK_SCALA_VERSION",
            "2.13",
            "SPARK_LOCAL_IP",
            "127.0.0.1",
            "SPARK_PUBLIC_DNS",
            "localhost");
    return ChildProgram.startedBy(folder, environment, command);
  }

  /** Returns the folder where executors of workers write their output. */
  Path work() {
    return home.resolve("work");
  }

  /** Returns the output of each executor until now, in no order, ended executors included. */
  List<String> executorsSaid() {
    try (Stream<Path> files = Files.walk(work())) {
      return files.filter(file -> file.endsWith("stdout")).map(SparkHome::text).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
