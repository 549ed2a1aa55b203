package io.vectorstream.merge;

import com.google.common.math.LongMath;

/**
 * Money is added up in ten-thousandths, as whole numbers: sums of doubles depend on their order.
 * What is beyond 64 bits stays at their end, 922 trillion, rather than turn into a debt.
 */
final class Revenue {

  private static final double UNITS = 10_000;

  private Revenue() {}

  static long units(double amount) {
    return Math.round(amount * UNITS);
  }

  static long sum(long a, long b) {
    return LongMath.saturatedAdd(a, b);
  }

  static double amount(long units) {
    return units / UNITS;
  }
}
