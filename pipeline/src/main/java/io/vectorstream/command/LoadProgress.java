package io.vectorstream.command;

import io.vectorstream.catalog.LoadCounts;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * The progress of a load: a bar that is redrawn on a terminal, a line every ten seconds elsewhere.
 */
final class LoadProgress {
  private static final Duration ON_TERMINAL = Duration.ofMillis(200);
  private static final Duration ELSEWHERE = Duration.ofSeconds(10);
  private static final int WIDTH = 24;

  private final PrintWriter out;
  private final boolean terminal;
  private final long startedAt = System.nanoTime();
  private long shownAt = startedAt;
  private boolean drawn;

  LoadProgress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * @param done the part of the file that is read, from 0 to 1
   */
  void update(LoadCounts counts, double done) {
    long now = System.nanoTime();
    if (now - shownAt < (terminal ? ON_TERMINAL : ELSEWHERE).toNanos()) {
      return;
    }
    shownAt = now;
    String line = line(counts, done, (now - startedAt) / 1e9);
    if (terminal) {
      // Clears the rest of a longer line before.
      out.print("\r" + line + "\u001b[K");
      drawn = true;
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** Ends the line of the bar. */
  void end() {
    if (drawn) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }

  static String line(LoadCounts counts, double done, double seconds) {
    int full = (int) (done * WIDTH);
    return "[%s%s] %3.0f%%  %,d products, %,.0f texts/s, %s left"
        .formatted(
            "#".repeat(full),
            ".".repeat(WIDTH - full),
            Math.floor(done * 100),
            counts.read(),
            counts.embedded() / seconds,
            done > 0 ? time(Math.round(seconds / done * (1 - done))) : "?");
  }

  private static String time(long seconds) {
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
