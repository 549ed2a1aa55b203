package io.vectorstream.embedding;

import java.time.Duration;

/** The time that a call may compute; a call with any time at all makes at least one step. */
final class TimeLimit {

  /** A time limit of about 292 years. */
  static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final long start = System.nanoTime();
  private final long nanos;
  private boolean hasWorked;

  TimeLimit(Duration atMost) {
    this.nanos = atMost.isNegative() ? 0 : atMost.toNanos();
  }

  void hasWorked() {
    hasWorked = true;
  }

  boolean isOver() {
    return nanos == 0 || hasWorked && leftNanos() == 0;
  }

  long leftNanos() {
    return Math.max(0, nanos - (System.nanoTime() - start));
  }

  boolean isNone() {
    return nanos == FOREVER.toNanos();
  }
}
