package io.vectorstream.it.cluster;

import io.vectorstream.it.ChildProgram;
import java.io.IOException;
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
   * @param folder where their output goes; what executors say goes to {@link SparkHome#work}
   */
  static StandaloneCluster start(SparkHome spark, Path folder, int workers) throws IOException {
    String deploy = "org.apache.spark.deploy.";
    List<String> anywhere = List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0");
    StandaloneCluster cluster =
        new StandaloneCluster(
            spark.start(folder.resolve("master"), deploy + "master.Master", "256m", anywhere));
    for (int i = 0; i < workers; i++) {
      List<String> arguments = new ArrayList<>(anywhere);
      arguments.addAll(List.of("--cores", "1", "--memory", "1g"));
      arguments.addAll(List.of("--work-dir", spark.work().resolve("worker-" + i).toString()));
      arguments.add(cluster.url);
      cluster.workers.add(
          spark.start(folder.resolve("worker-" + i), deploy + "worker.Worker", "256m", arguments));
    }
    return cluster;
  }

  /** What the master is called in {@code --master}. */
  String url() {
    return url;
  }

  /** The executors that are at work. */
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
