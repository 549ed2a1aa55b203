package io.vectorstream.local.system;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * The time until a system is as it was before a kill.
 *
 * <p>What is usual is the 99th percentile of the latencies of events that were due before the kill,
 * after the warm-up, and had been stored by then. The watched events that were due after the kill
 * are divided by the second in which they were due. A second is back to usual if at least half of
 * its events were stored within the usual latency. The system has recovered at the beginning of the
 * first of {@value #IN_A_ROW} such seconds in a row: events that come from then on are stored as
 * soon as before, so the backlog is gone, too.
 */
final class Recovery {
  static final int IN_A_ROW = 3;

  private static final long SECOND = 1_000_000;

  private Recovery() {}

  /** Returns the latency that counts as usual, in ms; 0 if no event was stored before the kill. */
  static long usualMs(List<WatchedEvent> events, long fromMicros, long killMicros) {
    Histogram before = new Histogram(3);
    events.stream()
        .filter(event -> event.dueMicros() >= fromMicros && event.isSeen())
        .filter(event -> event.dueMicros() + 1000 * event.seenAfterMs() < killMicros)
        .forEach(event -> before.recordValue(event.seenAfterMs()));
    return before.getValueAtPercentile(99);
  }

  /**
   * Returns the seconds from the kill; empty if it did not come while the load was on.
   *
   * @param endMicros when the last event was due
   */
  static OptionalDouble seconds(
      List<WatchedEvent> events, long usualMs, long killMicros, long endMicros) {
    SortedMap<Long, int[]> bySecond = new TreeMap<>();
    for (WatchedEvent event : events) {
      if (event.dueMicros() >= killMicros && event.dueMicros() <= endMicros) {
        int[] counts =
            bySecond.computeIfAbsent(
                (event.dueMicros() - killMicros) / SECOND, second -> new int[2]);
        counts[0]++;
        if (event.isSeen() && event.seenAfterMs() <= usualMs) {
          counts[1]++;
        }
      }
    }
    int inARow = 0;
    for (var second : bySecond.entrySet()) {
      inARow = 2 * second.getValue()[1] >= second.getValue()[0] ? inARow + 1 : 0;
      if (inARow == IN_A_ROW) {
        return OptionalDouble.of(second.getKey() - IN_A_ROW + 1.0);
      }
    }
    return OptionalDouble.empty();
  }

  /** The shortest time of a load after a kill in which a recovery can be seen. */
  static final Duration SHORTEST = Duration.ofSeconds(IN_A_ROW + 1L);
}
