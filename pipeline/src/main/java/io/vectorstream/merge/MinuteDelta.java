package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/**
 * What one batch adds to one minute of the shop's life. As with products, the sum is the same
 * however the events were spread over tasks.
 */
public final class MinuteDelta implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final long MICROS = TimeUnit.MINUTES.toMicros(1);

  private final long minute;
  private final EventCounts counts = new EventCounts();
  private long revenueUnits;

  MinuteDelta(long minute) {
    this.minute = minute;
  }

  /** The minute of a time in microseconds since 1970: whole minutes since 1970. */
  public static long minuteOf(long micros) {
    return Math.floorDiv(micros, MICROS);
  }

  void add(ShopEvent event) {
    counts.add(event.type(), 1);
    revenueUnits = Revenue.sum(revenueUnits, Revenue.units(event.revenue()));
  }

  /** Adds what another task saw of the same minute. */
  public MinuteDelta add(MinuteDelta other) {
    counts.add(other.counts);
    revenueUnits = Revenue.sum(revenueUnits, other.revenueUnits);
    return this;
  }

  /** Whole minutes since 1970, in event time. */
  public long minute() {
    return minute;
  }

  EventCounts counts() {
    return counts;
  }

  long revenueUnits() {
    return revenueUnits;
  }
}
