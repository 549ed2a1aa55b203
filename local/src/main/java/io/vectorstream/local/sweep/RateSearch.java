package io.vectorstream.local.sweep;

import io.vectorstream.local.run.Rate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/**
 * The search for the highest rate that holds. It goes up or down from its start, in growing steps,
 * until it knows a rate that held and a higher one that did not; then it tries the geometric mean
 * of the two, until they are close.
 */
final class RateSearch {
  private static final double FIRST_STEP = 1.2;
  private static final MathContext DIGITS = new MathContext(3);

  private final double tolerance;
  private final int mostRates;
  private double next;
  private double step = FIRST_STEP;
  private double held;
  private double failed = Double.POSITIVE_INFINITY;
  private int tried;

  /**
   * @param start the first rate to try, in events per second
   * @param tolerance the search ends when the lowest rate that failed is above the highest that
   *     held by no more than this share
   * @param mostRates the search also ends after this many
   */
  RateSearch(double start, double tolerance, int mostRates) {
    this.next = start;
    this.tolerance = tolerance;
    this.mostRates = mostRates;
  }

  /** Returns the rate to try next; empty when the search is over. */
  Optional<Rate> next() {
    return isOver() ? Optional.empty() : Optional.of(new Rate(next));
  }

  private boolean isOver() {
    return tried >= mostRates || next < 1 || next <= held || next >= failed || isClose();
  }

  private boolean isClose() {
    return held > 0 && failed <= held * (1 + tolerance);
  }

  /** Records whether the rate that {@link #next} returned held. */
  void tried(boolean itHeld) {
    tried++;
    if (itHeld) {
      held = next;
    } else {
      failed = next;
    }
    if (held > 0 && Double.isFinite(failed)) {
      next = rounded(Math.sqrt(held * failed));
    } else {
      next = rounded(itHeld ? held * step : failed / step);
      step *= step;
    }
  }

  /** Rounds to three digits: more would only look exact. */
  static double rounded(double rate) {
    return BigDecimal.valueOf(rate).round(DIGITS).doubleValue();
  }

  /** Returns the number of rates that are probably still to be tried. */
  int expected() {
    if (isOver()) {
      return 0;
    }
    double apart = held > 0 && Double.isFinite(failed) ? failed / held : FIRST_STEP;
    int halvings =
        (int) Math.ceil(Math.log(Math.log(apart) / Math.log(1 + tolerance)) / Math.log(2));
    int toBracket = (held > 0 ? 0 : 1) + (Double.isFinite(failed) ? 0 : 1);
    return Math.min(mostRates - tried, Math.max(1, toBracket + Math.max(0, halvings)));
  }
}
