package io.vectorstream.local.against;

import io.vectorstream.local.run.RunException;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.reports.result.ResultReader;
import io.vectorstream.reports.result.RunSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One run of {@code validate} by a build, in a process of its own. */
public final class ChildRun {
  private static final int MISSED = 1;
  private static final int LAST_LINES = 5;
  private static final Duration LOOK = Duration.ofMillis(200);

  /** The time that a process has to end by itself after a signal. */
  private static final long SECONDS_TO_END = 60;

  private ChildRun() {}

  /**
   * Runs it, and reads its result.
   *
   * @param arguments of {@code validate}, without the file of the result
   * @param result the file that the run writes
   * @param log the file for what it prints
   * @return empty if the user asked to stop
   * @throws RunException if it ended without a result
   */
  public static Optional<RunSummary> run(
      Build build, List<String> arguments, Path result, Path log, StopRequest stop)
      throws InterruptedException {
    List<String> command = new ArrayList<>(build.command());
    command.add("validate");
    command.addAll(arguments);
    command.add("--json=" + result);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      try {
        while (process.isAlive() && !stop.await(LOOK)) {
          // Waits until the run has ended, or a stop is requested.
        }
      } finally {
        end(process);
      }
      if (stop.isRequested()) {
        return Optional.empty();
      }
      int status = process.exitValue();
      // A run that misses a target is measured all the same.
      if ((status == 0 || status == MISSED) && Files.exists(result)) {
        return Optional.of((RunSummary) ResultReader.read(List.of(result)).get(0).result());
      }
      throw new RunException(
          "the run of %s ended with status %d and no result; the end of %s: %s"
              .formatted(build.name(), status, log, lastLines(log)));
    } catch (IOException e) {
      throw new UncheckedIOException("a run of " + build.name() + " cannot be started", e);
    }
  }

  private static void end(Process process) throws InterruptedException {
    if (process.isAlive()) {
      process.destroy();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }
}
