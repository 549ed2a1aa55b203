package io.vectorstream.merge;

import java.math.BigInteger;

/**
 * All events of one minute, by the time at which they count.
 *
 * @param minute whole minutes since 1970
 * @param revenueUnits the revenue of its purchases, in ten-thousandths
 * @param batch the last batch that changed it
 */
public record MinuteState(long minute, EventCounts counts, BigInteger revenueUnits, String batch) {

  /** Returns a minute without events. */
  public static MinuteState empty(long minute) {
    return new MinuteState(minute, new EventCounts(), BigInteger.ZERO, "");
  }

  /** Adds a batch; one that was added before changes nothing. */
  public MinuteState plus(MinuteDelta delta, String batch) {
    if (batch.equals(this.batch)) {
      return this;
    }
    EventCounts sum = new EventCounts();
    sum.add(counts);
    sum.add(delta.counts());
    return new MinuteState(minute, sum, revenueUnits.add(delta.revenueUnits()), batch);
  }

  public double revenue() {
    return Revenue.amount(revenueUnits);
  }
}
