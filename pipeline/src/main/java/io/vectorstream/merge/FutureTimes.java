package io.vectorstream.merge;

/**
 * The correction of times that are ahead of the clock. No time in a sum is later than the clock by
 * which it was counted. But earlier versions took an event's own time, and an event from 2099 made
 * its product's description and its user's interest the newest until then.
 */
final class FutureTimes {

  /**
   * A day: the clock that reads may be so far behind, such as one of another time zone. A time that
   * is less far ahead will soon have passed.
   */
  private static final long TOLERANCE_MICROS = 24L * 60 * 60 * 1_000_000;

  private FutureTimes() {}

  static boolean holds(long timeMicros, long nowMicros) {
    return timeMicros > nowMicros + TOLERANCE_MICROS;
  }

  /** Returns the time, or now if the time is in the future. */
  static long none(long timeMicros, long nowMicros) {
    return holds(timeMicros, nowMicros) ? nowMicros : timeMicros;
  }
}
