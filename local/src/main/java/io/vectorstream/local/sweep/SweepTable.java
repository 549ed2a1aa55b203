package io.vectorstream.local.sweep;

import io.vectorstream.local.run.NumberText;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.SweepResult;
import io.vectorstream.reports.result.SweepResult.Run;
import java.io.PrintStream;
import java.util.Locale;

/** The result of a sweep for a reader: a table, with the sustained rates as bars. */
public final class SweepTable {
  private static final int WIDEST = 28;

  private final PrintStream out;

  public SweepTable(PrintStream out) {
    this.out = out;
  }

  /**
   * @param leastRate events per second that had to be sustained
   */
  public void print(SweepResult result, double leastRate) {
    double most = result.runs().stream().mapToDouble(SweepTable::sustained).max().orElse(0);
    print("%n%-11s %10s  %s%n", "", "", "held  sustained    p50     p99   per 1,000 events");
    String axis = "";
    for (Run run : result.runs()) {
      print(
          "%-11s %10s  %s  %s%n",
          run.axis().equals(axis) ? "" : run.axis(),
          run.label(),
          figures(run),
          "#".repeat(most == 0 ? 0 : (int) Math.round(WIDEST * sustained(run) / most)));
      axis = run.axis();
    }
    print(
        "%nhighest rate that held: %,.0f events/s, p99 below %d s and nothing lost; asked: %,.0f%n",
        result.highestSustainedEps(), result.latencyTargetMs() / 1000, leastRate);
    print(
        """
        sustained: after each run's warm-up; per 1,000 events: the time of the batches, over their events
        """);
    if (result.isPartial()) {
      print("This is partial: the sweep was stopped before its end.%n");
    }
  }

  /** Returns {@code yes 24,310/s 4.9 s 8.1 s 31.2 ms}, in columns. */
  static String figures(Run run) {
    RunSummary.Latency latency = run.summary().latencyMs();
    return String.format(
        Locale.ROOT,
        "%-4s %10s %7s %7s %15s",
        run.held() ? "yes" : "no",
        NumberText.perSecond(sustained(run)),
        NumberText.tenths(latency.p50()),
        NumberText.tenths(latency.p99()),
        String.format(Locale.ROOT, "%.1f ms", millisPerThousand(run.summary())));
  }

  private static double sustained(Run run) {
    return run.summary().throughputEps().sustainedAfterWarmup();
  }

  private static double millisPerThousand(RunSummary summary) {
    long events = summary.batches().stream().mapToLong(RunSummary.Batch::events).sum();
    long millis = summary.batches().stream().mapToLong(RunSummary.Batch::durationMs).sum();
    return events == 0 ? 0 : 1000.0 * millis / events;
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }
}
