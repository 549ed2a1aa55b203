package io.vectorstream.it.resilience;

import io.vectorstream.it.Deployment;
import io.vectorstream.local.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** The program itself, {@code run}, as a process of its own, and the lines that it prints. */
final class PipelineProcess implements AutoCloseable {

  /** What the program prints when it begins to read. */
  static final Predicate<String> READING = line -> line.startsWith("Reading ");

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  /**
   * @param jvmFlags further flags of its JVM
   * @param settings as {@code name=value}
   */
  PipelineProcess(List<String> jvmFlags, List<String> settings) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--"))
        .forEach(command::add);
    // Started again and again on few cores: what counts is a quick start.
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add("run");
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = new Thread(this::read, "output-of-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** An agent's flag that arms a failpoint. */
  static String agent(Path rules) {
    Path byteman =
        Path.of(
            org.jboss.byteman.agent.Main.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    return "-javaagent:" + byteman + "=script:" + rules;
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      // It was killed.
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  boolean hasPrinted(Predicate<String> line) {
    return lines.stream().anyMatch(line);
  }

  /** Waits for a condition; fails at once, with its last lines, if the process ends before. */
  void await(Duration patience, Callable<Boolean> condition) {
    await(patience, condition, true);
  }

  /** Returns whether the condition came true in time. */
  boolean awaitFor(Duration patience, Callable<Boolean> condition) {
    return await(patience, condition, false);
  }

  private boolean await(Duration patience, Callable<Boolean> condition, boolean needed) {
    long end = System.nanoTime() + patience.toNanos();
    Awaitility.await()
        .atMost(patience.plusSeconds(5))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              if (condition.call()) {
                return true;
              }
              if (!process.isAlive()) {
                throw new IllegalStateException("the process ended: " + tail());
              }
              if (System.nanoTime() < end) {
                return false;
              }
              if (needed) {
                throw new IllegalStateException("waited in vain: " + tail());
              }
              return true;
            });
    return System.nanoTime() < end;
  }

  private String tail() {
    List<String> all = lines();
    return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join(TimeUnit.SECONDS.toMillis(10));
  }

  /** SIGTERM; it finishes the batch in hand. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(Deployment.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("it does not stop: " + tail());
    }
    reader.join(TimeUnit.SECONDS.toMillis(10));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
