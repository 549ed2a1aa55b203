package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The changes that one batch makes to one minute of the shop's activity. As with products, the sum
 * is the same however the events were spread over tasks.
 */
public final class MinuteDelta implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final long MICROS = TimeUnit.MINUTES.toMicros(1);

  private final long minute;
  private final EventCounts counts = new EventCounts();
  private BigInteger revenueUnits = BigInteger.ZERO;

  MinuteDelta(long minute) {
    this.minute = minute;
  }

  /** Returns the minute of a time in microseconds since 1970: whole minutes since 1970. */
  public static long minuteOf(long micros) {
    return Math.floorDiv(micros, MICROS);
  }

  /** Returns the changes that these events make, one a minute. */
  public static Collection<MinuteDelta> of(Iterable<ShopEvent> events) {
    Map<Long, MinuteDelta> minutes = new HashMap<>();
    for (ShopEvent event : events) {
      EventShare share = EventShare.of(event, null, null);
      minutes.computeIfAbsent(share.minute(), MinuteDelta::new).add(share);
    }
    return minutes.values();
  }

  void add(EventShare share) {
    counts.add(share.event().type(), 1);
    revenueUnits = revenueUnits.add(share.revenueUnits());
  }

  /** Adds another task's delta of the same minute. */
  public MinuteDelta add(MinuteDelta other) {
    counts.add(other.counts);
    revenueUnits = revenueUnits.add(other.revenueUnits);
    return this;
  }

  /** Returns whole minutes since 1970, in the time at which events count. */
  public long minute() {
    return minute;
  }

  EventCounts counts() {
    return counts;
  }

  BigInteger revenueUnits() {
    return revenueUnits;
  }
}
