package io.vectorstream.merge;

/**
 * Tells times that lie ahead of the clock. Nothing that is added up is newer than the clock by
 * which it was counted; but earlier versions took an event's own time, and an event from 2099 made
 * its product's description and its user's interest the newest until then.
 */
final class Future {

  /**
   * A day: as much as the clock that reads may be behind, such as one of another time zone. What
   * lies less far ahead is the present soon.
   */
  private static final long TOLERANCE_MICROS = 24L * 60 * 60 * 1_000_000;

  private Future() {}

  static boolean holds(long timeMicros, long nowMicros) {
    return timeMicros > nowMicros + TOLERANCE_MICROS;
  }

  /** The time, or now if that is yet to come. */
  static long none(long timeMicros, long nowMicros) {
    return holds(timeMicros, nowMicros) ? nowMicros : timeMicros;
  }
}
