package io.vectorstream.local.system;

import io.vectorstream.generator.LoadReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;

/**
 * What makes a run's figures doubtful: a sender that was late, fewer events than were due, cores
 * that had no time left. Latencies count from when an event was due, so they contain all of it.
 */
final class Doubts {
  private static final long LATE_MS = 500;
  private static final double FEW = 0.99;
  private static final double BUSY = 0.97;

  private final Histogram latenessMs = new ConcurrentHistogram(3);
  private final CentralProcessor processor = new SystemInfo().getHardware().getProcessor();
  private final List<Double> loads = new ArrayList<>();
  private long[] ticks = processor.getSystemCpuLoadTicks();

  /** Notes how late an event is sent. */
  void sent(long ms) {
    latenessMs.recordValue(Math.max(0, ms));
  }

  /** Notes how busy the cores are since the last look. */
  void look() {
    loads.add(processor.getSystemCpuLoadBetweenTicks(ticks));
    ticks = processor.getSystemCpuLoadTicks();
  }

  /** Returns the reasons for doubt, in words. */
  List<String> in(LoadReport report, SystemPlan plan) {
    List<String> doubts = new ArrayList<>();
    long late = latenessMs.getValueAtPercentile(99);
    if (late > LATE_MS) {
      doubts.add(
          text("the sender was late: 1 in 100 events left it %,d ms after it was due", late));
    }
    double due = due(plan);
    if (report.sent() < FEW * due) {
      doubts.add(
          text(
              "only %,d of %,.0f records were sent: the rest was due and too late",
              report.sent(), due));
    }
    double busy = median();
    if (busy > BUSY) {
      doubts.add(
          text(
              "the cores were busy to %.0f %% most of the time: what measures and what is measured"
                  + " wait for each other",
              100 * busy));
    }
    return doubts;
  }

  /** Returns 0 where as many are sent as a system takes. */
  private static double due(SystemPlan plan) {
    if (plan.phases() != null) {
      return plan.phases().events();
    }
    return plan.load().rate().isMax()
        ? 0
        : plan.load().rate().perSecond() * plan.load().duration().toMillis() / 1000.0;
  }

  private double median() {
    double[] sorted = loads.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
