package io.vectorstream.local.evaluate;

/**
 * A mean over users, and its accuracy.
 *
 * @param margin half the width of the 95 % confidence interval: 1.96 standard errors of the mean
 */
public record Estimate(double mean, double margin) {

  private static final double STANDARD_ERRORS = 1.96;

  /**
   * @param values one a user, at least two
   */
  static Estimate of(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / (values.length - 1));
    return new Estimate(mean, STANDARD_ERRORS * deviation / Math.sqrt(values.length));
  }

  /** Estimates the mean difference, user by user: intervals of two means may still overlap. */
  static Estimate ofDifference(double[] values, double[] others) {
    double[] differences = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      differences[i] = values[i] - others[i];
    }
    return of(differences);
  }
}
