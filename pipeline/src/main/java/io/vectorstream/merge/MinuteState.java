package io.vectorstream.merge;

/**
 * All that happened in one minute of event time.
 *
 * @param minute whole minutes since 1970
 * @param revenueUnits what its purchases brought in, in ten-thousandths
 * @param batch the last batch that changed it
 */
public record MinuteState(long minute, EventCounts counts, long revenueUnits, String batch) {

  /** A minute in which nothing happened. */
  public static MinuteState empty(long minute) {
    return new MinuteState(minute, new EventCounts(), 0, "");
  }

  /** Adds a batch; one that was added before changes nothing. */
  public MinuteState plus(MinuteDelta delta, String batch) {
    if (batch.equals(this.batch)) {
      return this;
    }
    EventCounts sum = new EventCounts();
    sum.add(counts);
    sum.add(delta.counts());
    return new MinuteState(minute, sum, Revenue.sum(revenueUnits, delta.revenueUnits()), batch);
  }

  public double revenue() {
    return Revenue.amount(revenueUnits);
  }

  /** Ten-thousandths of an amount, rounded. */
  public static long revenueUnits(double amount) {
    return Revenue.units(amount);
  }
}
