package io.vectorstream.local.baseline;

import io.vectorstream.reports.result.Ladder;
import java.io.PrintStream;
import java.util.Locale;

/** The result as a table for users. */
public final class BaselineTable {

  private static final int BAR = 40;
  private static final String ROW = "%-20s %9s %15s %9s %9s  %s%n";

  private final PrintStream out;

  public BaselineTable(PrintStream out) {
    this.out = out;
  }

  public void print(Ladder result) {
    out.printf(
        Locale.ROOT,
        "%n%,d events, %d rounds, %d cores of %s. Events per second: the median, and from the"
            + " lowest to the highest.%n%n",
        result.events(),
        result.steps().get(0).eventsPerSecond().iterations().size(),
        result.environment().cores(),
        result.environment().cpu());
    out.printf(ROW, "", "events/s", "range", "x first", "x before", "");
    double most =
        result.steps().stream().mapToDouble(l -> l.eventsPerSecond().median()).max().orElseThrow();
    for (Ladder.Step line : result.steps()) {
      Ladder.Rates speed = line.eventsPerSecond();
      out.printf(
          ROW,
          line.name(),
          number("%,.0f", speed.median()),
          number("%,.0f", speed.lowest()) + " to " + number("%,.0f", speed.highest()),
          number("%.2f", line.ratioToFirst()),
          number("%.2f", line.ratioToPrevious()),
          "#".repeat((int) Math.max(1, Math.round(BAR * speed.median() / most))));
    }
    out.println();
    for (Ladder.Step line : result.steps()) {
      out.printf("%-20s %s%n", line.name(), line.what());
    }
    out.println();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
