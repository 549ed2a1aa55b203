package io.vectorstream.generator;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A table that draws an index by weight in constant time: Walker's alias method, built as in M.
 * Vose, "A linear algorithm for generating random numbers with a given distribution" (1991).
 */
final class AliasTable {

  private final double[] threshold;
  private final int[] alias;

  /**
   * @param weights at least one, none negative, not all zero; they need not add up to 1
   */
  AliasTable(double[] weights) {
    int n = weights.length;
    double sum = Arrays.stream(weights).sum();
    threshold = new double[n];
    alias = new int[n];
    int[] small = new int[n];
    int[] large = new int[n];
    int smalls = 0;
    int larges = 0;
    for (int i = 0; i < n; i++) {
      threshold[i] = weights[i] * n / sum;
      alias[i] = i;
      if (threshold[i] < 1) {
        small[smalls++] = i;
      } else {
        large[larges++] = i;
      }
    }
    while (smalls > 0 && larges > 0) {
      int less = small[--smalls];
      int more = large[larges - 1];
      alias[less] = more;
      threshold[more] -= 1 - threshold[less];
      if (threshold[more] < 1) {
        larges--;
        small[smalls++] = more;
      }
    }
    // The remaining probability would be exactly 1 but for rounding.
    while (smalls > 0) {
      threshold[small[--smalls]] = 1;
    }
    while (larges > 0) {
      threshold[large[--larges]] = 1;
    }
  }

  /** Returns the weights of ranks 1 to n under Zipf's law: rank to the power of -exponent. */
  static double[] zipfWeights(int n, double exponent) {
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      weights[i] = Math.pow(i + 1.0, -exponent);
    }
    return weights;
  }

  int sample(SplittableRandom random) {
    double u = random.nextDouble() * threshold.length;
    int i = (int) u;
    return u - i < threshold[i] ? i : alias[i];
  }
}
