package io.vectorstream.local.probe;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Actions at a fixed rate, whether the ones before are done or not, like independent users, who do
 * not wait for each other. What an action measures counts from the moment that it was due: if this
 * loop itself is late, that counts, too.
 */
final class OpenLoop {

  /** The longest time until a request to stop is noticed. */
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private OpenLoop() {}

  /** An action that begins something and does not wait for it. */
  @FunctionalInterface
  interface Due {
    void at(long number, long dueNanos);
  }

  /**
   * Begins each action when it is due, in this thread: the first one at once.
   *
   * @param startNanos by {@link System#nanoTime}
   * @param time how long actions are due
   * @param stopped asked in between; true ends it early
   */
  static void run(
      double perSecond, long startNanos, Duration time, BooleanSupplier stopped, Due action) {
    for (long i = 0; ; i++) {
      long after = (long) (i * 1e9 / perSecond);
      if (after >= time.toNanos()) {
        return;
      }
      long due = startNanos + after;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        if (stopped.getAsBoolean()) {
          return;
        }
        LockSupport.parkNanos(Math.min(left, NAP_NANOS));
      }
      if (stopped.getAsBoolean()) {
        return;
      }
      action.at(i, due);
    }
  }
}
