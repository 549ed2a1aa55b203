package io.vectorstream.generator;

/**
 * The due times of events at a rate that may change. Times are nanoseconds since the start of the
 * run.
 */
final class Schedule {

  static final long NEVER = Long.MAX_VALUE;

  private static final double SECOND = 1e9;

  private double rate = Double.NaN;
  private double anchor;
  private long sinceAnchor;

  /** The part of an interval still to wait, kept when the rate changes. */
  private double remaining;

  /**
   * Continues at another rate. Events that were due and are not yet sent are dropped: the schedule
   * continues from now.
   *
   * @param newRate events per second; 0 pauses; infinite means that the next event is always due
   */
  void changeRate(double newRate, long now) {
    if (newRate == rate) {
      return;
    }
    if (!(newRate >= 0)) {
      throw new IllegalArgumentException("the rate must be 0 or more, but is " + newRate);
    }
    if (Double.isInfinite(rate)) {
      remaining = 1;
    } else if (rate > 0) {
      remaining = Math.min(1, Math.max(0, (exactDue() - now) * rate / SECOND));
    }
    rate = newRate;
    anchor = now + (rate > 0 && !Double.isInfinite(rate) ? remaining * SECOND / rate : 0);
    sinceAnchor = 0;
  }

  /** Returns when the next event is due. */
  long due(long now) {
    if (Double.isInfinite(rate)) {
      return now;
    }
    return rate > 0 ? (long) exactDue() : NEVER;
  }

  /** Records that the due event is sent. */
  void advance() {
    sinceAnchor++;
  }

  /** Returns the due time, counted from the anchor, so that no rounding error grows. */
  private double exactDue() {
    return anchor + sinceAnchor * SECOND / rate;
  }
}
