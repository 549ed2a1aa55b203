package io.vectorstream.local.probe;

import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.Percentile;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A histogram of latencies as a curve: from the median on, four points each time that the share of
 * slower events halves.
 */
public final class LatencyCurve {
  private static final int POINTS_EACH_HALVING = 4;
  private static final double FIRST = 50;

  /** The last percentile before the maximum: beyond it, a point is only a handful of events. */
  private static final double LAST = 99.99;

  private LatencyCurve() {}

  /** Returns the percentiles that everybody asks for. */
  public static Latency summary(Histogram latencyMs) {
    return new Latency(
        latencyMs.getValueAtPercentile(50),
        latencyMs.getValueAtPercentile(95),
        latencyMs.getValueAtPercentile(99),
        latencyMs.getMaxValue());
  }

  /** At most 60 points, the last of them at 100; none for no events. */
  public static List<Percentile> of(Histogram latencyMs) {
    List<Percentile> curve = new ArrayList<>();
    if (latencyMs.getTotalCount() == 0) {
      return curve;
    }
    for (HistogramIterationValue point : latencyMs.percentiles(POINTS_EACH_HALVING)) {
      double percentile = point.getPercentileLevelIteratedTo();
      if (percentile >= FIRST && percentile < LAST) {
        curve.add(
            new Percentile(Math.round(1000 * percentile) / 1000.0, point.getValueIteratedTo()));
      }
    }
    curve.add(new Percentile(LAST, latencyMs.getValueAtPercentile(LAST)));
    curve.add(new Percentile(100, latencyMs.getMaxValue()));
    return curve;
  }
}
