package io.vectorstream.local.system;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * The number of points in the store, looked at once a second. Systems that work in batches store in
 * steps, so the rate is the slope of the straight line that fits all looks best.
 */
final class StoredGrowth {
  private final List<double[]> looks = new ArrayList<>();

  void add(double seconds, long count) {
    looks.add(new double[] {seconds, count});
  }

  /** Returns points per second between these times; 0 with fewer than two looks. */
  double perSecond(double from, double to) {
    SimpleRegression line = new SimpleRegression();
    looks.stream()
        .filter(look -> look[0] >= from && look[0] <= to)
        .forEach(look -> line.addData(look[0], look[1]));
    double slope = line.getSlope();
    return Double.isFinite(slope) ? Math.max(0, slope) : 0;
  }
}
