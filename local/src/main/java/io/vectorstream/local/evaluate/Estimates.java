package io.vectorstream.local.evaluate;

import io.vectorstream.reports.result.EvaluationResult.Estimate;

/** The means over users, with their confidence intervals. */
final class Estimates {
  /** The least number of values that say something about their spread. */
  static final int LEAST = 2;

  private static final double STANDARD_ERRORS = 1.96;

  private Estimates() {}

  /**
   * Takes the mean, and 1.96 standard errors of it: half the width of the 95 % confidence interval.
   *
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

  /**
   * Takes the differences, user by user: two means may overlap where one is better nearly always.
   */
  static Estimate ofDifference(double[] values, double[] others) {
    double[] differences = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      differences[i] = values[i] - others[i];
    }
    return of(differences);
  }
}
