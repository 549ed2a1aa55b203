package io.vectorstream.it.cluster;

import io.vectorstream.it.ChildProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A master and workers of Spark, each a process of its own with one core. Unlike the workers of
 * {@code local-cluster}, which live in the driver, they can be stopped together with their
 * executors, as a machine is that hangs.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");

  private static final String DEPLOY = "org.apache.spark.deploy.";

  /** As deploy/spark-daemon.sh has it. */
  private static final String SETTINGS =
      """
      spark.authenticate true
      spark.authenticate.secret Heron-1122-spark
      spark.network.crypto.enabled true
      spark.network.crypto.cipher AES/GCM/NoPadding
      spark.ui.killEnabled false
      spark.master.rest.enabled false
      """;

  private static final List<String> ANYWHERE =
      List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0");

  private final List<ChildProgram> workers = new ArrayList<>();
  private final ChildProgram master;
  private final String url;

  private StandaloneCluster(ChildProgram master) {
    this.master = master;
    master.awaitText("Starting Spark master at ");
    Matcher started = MASTER.matcher(master.said());
    if (!started.find()) {
      throw new IllegalStateException("the master names no address: " + master.said());
    }
    this.url = started.group(1);
  }

  /**
   * Starts them, without waiting for the workers.
   *
   * @param folder where their output goes; that of executors goes to {@link SparkHome#work}
   */
  static StandaloneCluster start(SparkHome spark, Path folder, int workers) throws IOException {
    Path settings = Files.writeString(folder.resolve("daemon.conf"), SETTINGS);
    List<String> known = new ArrayList<>(ANYWHERE);
    known.addAll(List.of("--properties-file", settings.toString()));
    StandaloneCluster cluster =
        new StandaloneCluster(
            spark.start(folder.resolve("master"), DEPLOY + "master.Master", "256m", known));
    for (int i = 0; i < workers; i++) {
      cluster.workers.add(cluster.worker(spark, folder.resolve("worker-" + i), known));
    }
    return cluster;
  }

  private ChildProgram worker(SparkHome spark, Path folder, List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--cores", "1", "--memory", "1g"));
    all.addAll(List.of("--work-dir", spark.work().resolve(folder.getFileName()).toString()));
    all.add(url);
    return spark.start(folder, DEPLOY + "worker.Worker", "256m", all);
  }

  /** Starts a worker that does not have the secret, and asks for work. */
  ChildProgram startStranger(SparkHome spark, Path folder) throws IOException {
    return worker(spark, folder, ANYWHERE);
  }

  /** Returns the settings that the driver needs to be admitted. */
  static List<String> settings(Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("spark-secret"), "Heron-1122-spark\n");
    return List.of("spark.secret_file=" + secret);
  }

  ChildProgram master() {
    return master;
  }

  /** Returns the master's URL in {@code --master}. */
  String url() {
    return url;
  }

  /** Returns the live executors. */
  List<ProcessHandle> executors() {
    return workers.stream().flatMap(ChildProgram::descendants).toList();
  }

  /** The worker that has started an executor. */
  ChildProgram workerOf(ProcessHandle executor) {
    return workers.stream()
        .filter(worker -> worker.descendants().anyMatch(executor::equals))
        .findAny()
        .orElseThrow();
  }

  /** Ends all of them, those that were stopped as well, and their executors. */
  @Override
  public void close() {
    executors().forEach(ProcessHandle::destroyForcibly);
    workers.forEach(ChildProgram::resume);
    workers.forEach(ChildProgram::close);
    master.close();
  }
}
