package io.vectorstream.command;

import io.vectorstream.catalog.LoadCounts;
import io.vectorstream.process.PrintableStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.DoubleFunction;
import picocli.CommandLine.Model.CommandSpec;

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

  /** Returns the progress of a command, on standard error. */
  static LoadProgress of(CommandSpec spec) {
    return System.console() == null
        ? new LoadProgress(spec.commandLine().getErr(), false)
        : new LoadProgress(new PrintWriter(PrintableStream.unguarded(System.err)), true);
  }

  LoadProgress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * @param done the part of the file that is read, from 0 to 1
   */
  void update(LoadCounts counts, double done) {
    update(seconds -> line(counts, done, seconds));
  }

  /**
   * @param text gives the line, from the seconds since the beginning
   */
  void update(DoubleFunction<String> text) {
    long now = System.nanoTime();
    if (now - shownAt < (terminal ? ON_TERMINAL : ELSEWHERE).toNanos()) {
      return;
    }
    shownAt = now;
    String line = text.apply((now - startedAt) / 1e9);
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
    return "%s  %,d products, %,.0f texts/s, %s left"
        .formatted(bar(done), counts.read(), counts.embedded() / seconds, left(done, seconds));
  }

  /** Returns a bar with the percentage behind it. */
  static String bar(double done) {
    int full = (int) (done * WIDTH);
    return "[%s%s] %3.0f%%"
        .formatted("#".repeat(full), ".".repeat(WIDTH - full), Math.floor(done * 100));
  }

  /** Returns the time that is left if the rest takes as long as what is done. */
  static String left(double done, double seconds) {
    return done > 0 ? time(Math.round(seconds / done * (1 - done))) : "?";
  }

  private static String time(long seconds) {
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
