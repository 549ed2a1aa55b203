package io.vectorstream.reports.compare;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/** The variation of a figure when nothing has changed, and the test whether a change exceeds it. */
sealed interface Noise {

  /** The factor from a median of absolute deviations to a normal distribution's deviation. */
  double DEVIATION_OF_MAD = 1.4826;

  /** Returns whether this differs from the same figure's other noise by more than either. */
  boolean isBeyond(Noise other);

  /** Returns why a change is or is not beyond it, in a few words. */
  String rule();

  /** The noise of a figure that was measured once, which is not known. */
  record Unknown() implements Noise {
    @Override
    public boolean isBeyond(Noise other) {
      return false;
    }

    @Override
    public String rule() {
      return "measured once";
    }
  }

  /** A count without noise, in which any difference is a change. */
  record Exact(double value) implements Noise {
    @Override
    public boolean isBeyond(Noise other) {
      return other instanceof Exact exact && exact.value != value;
    }

    @Override
    public String rule() {
      return "exact count";
    }
  }

  /** The interval of the true value; two intervals that touch count as the same. */
  record Interval(double low, double high, String rule) implements Noise {
    @Override
    public boolean isBeyond(Noise other) {
      return other instanceof Interval interval && (low > interval.high || high < interval.low);
    }
  }

  /**
   * One value a batch, run by run. Batches differ a lot within a run, and not by a normal
   * distribution, so the test is whether their ranks differ (Mann and Whitney). Runs differ more
   * than their own batches show, so every run has to differ from every other, in the same
   * direction.
   */
  record Batches(List<List<Double>> runs) implements Noise {
    private static final double SIGNIFICANCE = 0.01;

    @Override
    public boolean isBeyond(Noise other) {
      if (!(other instanceof Batches batches)) {
        return false;
      }
      List<Double> directions =
          runs.stream()
              .flatMap(run -> batches.runs.stream().map(theirs -> direction(run, theirs)))
              .distinct()
              .toList();
      return directions.size() == 1 && directions.get(0) != 0;
    }

    /** Returns 1 where the first values are higher, -1 where they are lower, 0 within noise. */
    private static double direction(List<Double> values, List<Double> others) {
      double[] one = array(values);
      double[] other = array(others);
      boolean differ =
          MannWhitneyUTest.withDefaults()
              .with(AlternativeHypothesis.TWO_SIDED)
              .test(one, other)
              .reject(SIGNIFICANCE);
      return differ ? Math.signum(median(one) - median(other)) : 0;
    }

    @Override
    public String rule() {
      return "ranks of %d batches".formatted(runs.stream().mapToInt(List::size).sum());
    }
  }

  /** Combines the noise of a figure that was measured several times. */
  static Noise pooled(Noise first, Noise second) {
    if (first instanceof Interval a && second instanceof Interval b) {
      return new Interval(Math.min(a.low, b.low), Math.max(a.high, b.high), a.rule);
    }
    if (first instanceof Batches a && second instanceof Batches b) {
      return new Batches(Stream.concat(a.runs.stream(), b.runs.stream()).toList());
    }
    if (first instanceof Exact a && second instanceof Exact b) {
      return new Exact(Math.max(a.value, b.value));
    }
    return new Unknown();
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Returns the spread of values as a standard deviation that a few outliers do not move. */
  static double spread(double... values) {
    double median = median(values);
    return DEVIATION_OF_MAD
        * median(Arrays.stream(values).map(value -> Math.abs(value - median)).toArray());
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
