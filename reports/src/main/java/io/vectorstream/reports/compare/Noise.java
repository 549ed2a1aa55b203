package io.vectorstream.reports.compare;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/** How far a figure moves when nothing has changed, and what is beyond that. */
sealed interface Noise {

  /** A deviation as that of a normal distribution, from the median of absolute deviations. */
  double DEVIATION_OF_MAD = 1.4826;

  /** Whether this differs from the same figure's other noise by more than either. */
  boolean isBeyond(Noise other);

  /** Why a change is or is not beyond it, in a few words. */
  String rule();

  /** There is nothing to tell it by: the figure was measured once. */
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

  /** A count, in which any change is one. */
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

  /** Where the true value is; two of them that touch are one. */
  record Interval(double low, double high, String rule) implements Noise {
    @Override
    public boolean isBeyond(Noise other) {
      return other instanceof Interval interval && (low > interval.high || high < interval.low);
    }
  }

  /**
   * One value a batch, run by run. Batches differ a lot within a run, and not by a normal
   * distribution: so what is asked is whether their ranks differ, by the test of Mann and Whitney.
   * Runs differ more than their own batches tell: so every run has to differ from every other, and
   * in the same direction.
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

    /** 1 where the first values are higher, -1 where they are lower, 0 within noise. */
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

  /** Noise of a figure that was measured several times: all of it. */
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

  /** The spread of values as a standard deviation that a few outliers do not move. */
  static double spread(double... values) {
    double median = median(values);
    return DEVIATION_OF_MAD
        * median(Arrays.stream(values).map(value -> Math.abs(value - median)).toArray());
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
