package io.vectorstream.reports.compare;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The ratio of a figure in pairs of measurements, and its 95 % confidence interval: the mean of the
 * logarithms of the pairs' ratios, and Student's t distribution around it. What changes slowly on a
 * machine changes both of a pair, and drops out.
 *
 * @param pairs at least 2
 * @param low the lower end of the interval
 * @param high the upper end of the interval
 */
public record PairedRatio(int pairs, double ratio, double low, double high) {
  /** The share of intervals that contain the true ratio. */
  static final double CONFIDENCE = 0.95;

  /**
   * @param before above 0, as many as {@code now}
   * @param now above 0; the i-th was measured beside the i-th of {@code before}
   */
  static PairedRatio of(List<Double> before, List<Double> now) {
    double[] logs =
        IntStream.range(0, before.size())
            .mapToDouble(i -> Math.log(now.get(i) / before.get(i)))
            .toArray();
    int pairs = logs.length;
    double mean = Arrays.stream(logs).average().orElseThrow();
    double variance =
        Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum() / (pairs - 1);
    double margin =
        TDistribution.of(pairs - 1.0).inverseSurvivalProbability((1 - CONFIDENCE) / 2)
            * Math.sqrt(variance / pairs);
    return new PairedRatio(pairs, Math.exp(mean), Math.exp(mean - margin), Math.exp(mean + margin));
  }

  /** Returns whether the interval leaves out 1, and the ratio is that far from it. */
  boolean isBeyond(double tolerance) {
    return (low > 1 || high < 1) && Math.abs(ratio - 1) >= tolerance;
  }
}
