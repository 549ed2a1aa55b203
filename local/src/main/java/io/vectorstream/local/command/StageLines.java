package io.vectorstream.local.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** The output of progress, line by line and not too often. */
final class StageLines {

  private static final Duration SELDOM = Duration.ofSeconds(5);

  private final PrintStream out;
  private final long start = System.nanoTime();
  private String stage = "";
  private long printedAt = start - SELDOM.toNanos();

  StageLines(PrintStream out) {
    this.out = out;
  }

  /**
   * @param text up to a colon, the name of the stage, which is always printed when it is new; after
   *     it, its progress
   */
  void at(String text) {
    long now = System.nanoTime();
    String newStage = text.split(":", 2)[0];
    if (!newStage.equals(stage) || now - printedAt >= SELDOM.toNanos()) {
      out.printf(Locale.ROOT, "%5.1f s  %s%n", (now - start) / 1e9, text);
      stage = newStage;
      printedAt = now;
    }
  }
}
