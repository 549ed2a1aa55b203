package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** The progress of runs that take turns, for a reader: the time, the present run, and results. */
public final class TurnProgress {
  private final PrintStream out;
  private final long startNanos = System.nanoTime();

  public TurnProgress(PrintStream out) {
    this.out = out;
  }

  /** Prints what begins now, after the time since the first run. */
  public void say(String what) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
    out.printf(Locale.ROOT, "[%s] %s%n", NumberText.clock(elapsed), what);
  }

  /**
   * Prints the figures of a run.
   *
   * @param outcome the end of the line, with what is before it
   */
  public void measured(RunSummary summary, String outcome) {
    out.printf(
        Locale.ROOT,
        "        %s sustained, p50 %s, p99 %s, %s lost%s%n",
        NumberText.perSecond(summary.sustained()),
        NumberText.tenths(summary.latencyMs().p50()),
        NumberText.tenths(summary.latencyMs().p99()),
        NumberText.count(summary.events().lost()),
        outcome);
  }
}
