package io.vectorstream.local.system;

import io.vectorstream.local.system.SystemDescription.Ready;
import io.vectorstream.reports.result.SystemsResult.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * The processes of a system: the one of its command, and those that it starts. One thread starts,
 * kills and stops it; another may look at what it uses.
 */
final class SystemProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration STOPPED = Duration.ofMillis(80);
  private static final Duration RUNNING = Duration.ofMillis(20);
  private static final int SHOWN_OF_OUTPUT = 400;
  private static final int BAD_STATUS = 400;

  private final SystemDescription description;
  private final Placeholders placeholders;
  private final Path work;
  private final Path output;
  private final OperatingSystem os = new SystemInfo().getOperatingSystem();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private volatile Process process;

  /** Null unless it is slowed down. */
  private Thread slowing;

  private boolean isStopped;
  private boolean wasReady;
  private long startNanos;
  private long outputBefore;

  /** Guarded by this object, as the sums below are. */
  private long peakRssBytes;

  private double cpuOfEarlier;
  private double cpuNow;

  /**
   * Writes its files; nothing is started yet.
   *
   * @param work the folder of the run, which is there
   */
  SystemProcess(SystemDescription description, Placeholders placeholders, Path work) {
    this.description = description;
    this.placeholders = placeholders;
    this.work = work;
    this.output = work.resolve("output.txt");
    try {
      for (var file : description.files().entrySet()) {
        Files.writeString(work.resolve(file.getKey()), placeholders.fill(file.getValue()));
      }
    } catch (IOException e) {
      throw new SystemException(name() + ": its files cannot be written: " + e.getMessage(), e);
    }
  }

  private String name() {
    return description.name();
  }

  /** Starts it, unless it runs already, and does not wait until it is ready. */
  void start() {
    if (!description.isStarted()) {
      return;
    }
    ProcessBuilder builder = builder(description.start());
    try {
      wasReady = false;
      startNanos = System.nanoTime();
      outputBefore = Files.exists(output) ? Files.size(output) : 0;
      process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
    } catch (IOException e) {
      throw new SystemException(name() + " cannot be started: " + e.getMessage(), e);
    }
  }

  private ProcessBuilder builder(List<String> words) {
    ProcessBuilder builder =
        new ProcessBuilder(placeholders.command(words))
            .directory(work.toFile())
            .redirectErrorStream(true);
    description
        .environment()
        .forEach((key, value) -> builder.environment().put(key, placeholders.fill(value)));
    return builder;
  }

  /**
   * Waits until it is ready.
   *
   * @throws SystemException if it ends before, or takes longer than its file says
   */
  void awaitReady() throws InterruptedException {
    Ready ready = description.ready();
    if (ready == null) {
      return;
    }
    long end = System.nanoTime() + ready.longest().toNanos();
    while (!isReady(ready)) {
      ended()
          .ifPresent(
              how -> {
                throw new SystemException(
                    "%s was not ready when it ended, %s; it said: %s"
                        .formatted(name(), how, lastOutput()));
              });
      if (System.nanoTime() > end) {
        throw new SystemException(
            "%s is not ready after %d s; it said: %s"
                .formatted(name(), ready.longest().toSeconds(), lastOutput()));
      }
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
  }

  /**
   * Returns whether it was started, perhaps again, and is not ready yet; false when it has ended,
   * or has taken longer than its file says.
   */
  boolean isStarting() throws InterruptedException {
    Ready ready = description.ready();
    if (ready == null || process == null || wasReady || ended().isPresent()) {
      return false;
    }
    wasReady = isReady(ready);
    return !wasReady && System.nanoTime() - startNanos < ready.longest().toNanos();
  }

  private boolean isReady(Ready ready) throws InterruptedException {
    return (ready.text() == null || outputSinceStart().contains(placeholders.fill(ready.text())))
        && (ready.url() == null || answers(placeholders.fill(ready.url())));
  }

  private boolean answers(String url) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < BAD_STATUS;
    } catch (IOException e) {
      return false;
    }
  }

  private String outputSinceStart() {
    try {
      byte[] all = Files.exists(output) ? Files.readAllBytes(output) : new byte[0];
      int from = (int) Math.min(outputBefore, all.length);
      return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private String lastOutput() {
    String all = outputSinceStart().strip();
    return all.isEmpty()
        ? "nothing"
        : all.substring(Math.max(0, all.length() - SHOWN_OF_OUTPUT)).replaceAll("\\s+", " ");
  }

  /** Kills it, as a crash would, and waits until it is gone. */
  void kill() throws InterruptedException {
    endSlowing();
    if (!description.kill().isEmpty()) {
      runToEnd(description.kill());
    }
    Process running = process;
    if (running != null) {
      look();
      process = null;
      List<ProcessHandle> others = running.descendants().toList();
      running.destroyForcibly();
      others.forEach(ProcessHandle::destroyForcibly);
      running.waitFor();
    }
    synchronized (this) {
      cpuOfEarlier += cpuNow;
      cpuNow = 0;
    }
  }

  /** Lets it do nothing until {@link #resume}; its connections stay open. */
  void pause() {
    signal("STOP");
  }

  /** Lets it run for a small part of each tenth of a second, until {@link #resume}. */
  void slowDown() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  signal("STOP");
                  Thread.sleep(STOPPED.toMillis());
                  signal("CONT");
                  Thread.sleep(RUNNING.toMillis());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "slow-system");
    thread.setDaemon(true);
    slowing = thread;
    thread.start();
  }

  /** Ends a pause, and what slows it down. */
  void resume() {
    endSlowing();
    signal("CONT");
  }

  private void endSlowing() {
    Thread thread = slowing;
    slowing = null;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void signal(String name) {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    Stream.concat(Stream.of(running.toHandle()), running.descendants())
        .forEach(handle -> command.add(Long.toString(handle.pid())));
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new SystemException(name() + ": no signal can be sent: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runToEnd(List<String> words) throws InterruptedException {
    try {
      Process command =
          builder(words).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
      if (!command.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
        command.destroyForcibly();
        throw new SystemException("%s: %s does not end".formatted(name(), words));
      }
    } catch (IOException e) {
      throw new SystemException("%s: %s".formatted(name(), e.getMessage()), e);
    }
  }

  /** Says how its process ended by itself; empty if it runs, was stopped, or is not ours. */
  Optional<String> ended() {
    Process running = process;
    return running == null || isStopped || running.isAlive()
        ? Optional.empty()
        : Optional.of("with status " + running.exitValue());
  }

  /** Notes what it uses now. */
  void look() {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return;
    }
    List<OSProcess> all =
        Stream.concat(Stream.of(running.toHandle()), running.descendants())
            .map(handle -> os.getProcess((int) handle.pid()))
            .filter(each -> each != null)
            .toList();
    synchronized (this) {
      peakRssBytes =
          Math.max(peakRssBytes, all.stream().mapToLong(OSProcess::getResidentSetSize).sum());
      cpuNow =
          Math.max(
              cpuNow,
              all.stream().mapToLong(each -> each.getKernelTime() + each.getUserTime()).sum()
                  / 1000.0);
    }
  }

  /** Returns what it has used so far; empty if it ran already. */
  synchronized Optional<Usage> usage() {
    return description.isStarted()
        ? Optional.of(
            new Usage((peakRssBytes + (1 << 20) - 1) >> 20, rounded(cpuOfEarlier + cpuNow)))
        : Optional.empty();
  }

  private static double rounded(double seconds) {
    return Math.round(10 * seconds) / 10.0;
  }

  /** Stops what was started here, and kills it if it does not end. */
  @Override
  public void close() {
    Process running = process;
    if (running == null) {
      return;
    }
    isStopped = true;
    resume();
    try {
      List<ProcessHandle> others = running.descendants().toList();
      if (!description.stop().isEmpty()) {
        runToEnd(description.stop());
      } else {
        running.destroy();
      }
      if (!running.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
      others.forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
