package io.vectorstream.command;

import java.io.PrintWriter;
import java.time.Duration;

/** The progress of a replay, printed every second or so. */
final class ReplayProgress {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final PrintWriter out;
  private final long total;
  private final long startedAt = System.nanoTime();
  private long printedAt = startedAt;

  ReplayProgress(PrintWriter out, long total) {
    this.out = out;
    this.total = total;
  }

  /**
   * @param replayed so far
   */
  void update(long replayed) {
    long now = System.nanoTime();
    if (now - printedAt >= EVERY.toNanos()) {
      printedAt = now;
      double seconds = (now - startedAt) / 1e9;
      out.printf(
          "%5.0f s  %,d of %,d replayed  %,.0f/s%n", seconds, replayed, total, replayed / seconds);
      out.flush();
    }
  }
}
