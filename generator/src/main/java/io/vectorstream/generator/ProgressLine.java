package io.vectorstream.generator;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The progress of a run, printed as a line each second. */
final class ProgressLine implements AutoCloseable {

  private final LoadRunner runner;
  private final PrintWriter out;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private LoadReport last;

  ProgressLine(LoadRunner runner, PrintWriter out) {
    this.runner = runner;
    this.out = out;
    last = runner.soFar();
    timer.scheduleAtFixedRate(this::print, 1, 1, TimeUnit.SECONDS);
  }

  private void print() {
    LoadReport now = runner.soFar();
    double seconds = now.elapsed().minus(last.elapsed()).toNanos() / 1e9;
    out.printf(
        Locale.ROOT,
        "%5d s  %,12d sent  %,10.0f/s  malformed %,d  duplicates %,d  late %,d%n",
        Math.round(now.elapsed().toMillis() / 1000.0),
        now.sent(),
        seconds <= 0 ? 0 : (now.sent() - last.sent()) / seconds,
        now.malformed(),
        now.duplicates(),
        now.late());
    out.flush();
    last = now;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
