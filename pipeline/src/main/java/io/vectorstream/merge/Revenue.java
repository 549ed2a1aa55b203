package io.vectorstream.merge;

/**
 * Money is added up in ten-thousandths, as whole numbers: sums of doubles depend on their order.
 */
final class Revenue {

  private static final double UNITS = 10_000;

  private Revenue() {}

  static long units(double amount) {
    return Math.round(amount * UNITS);
  }

  static double amount(long units) {
    return units / UNITS;
  }
}
