package io.vectorstream.local.probe;

import io.vectorstream.reports.result.RunSummary.Fresh;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The times of clicks and of other requests, without those that were due in the warm-up. */
final class FreshTally {
  private final long measuredFromNanos;
  private final Histogram clickMs = new ConcurrentHistogram(3);
  private final Histogram requestMs = new ConcurrentHistogram(3);
  private final AtomicLong unseen = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  /**
   * @param measuredFromNanos the end of the warm-up
   */
  FreshTally(long measuredFromNanos) {
    this.measuredFromNanos = measuredFromNanos;
  }

  /** Counts a click that an answer shows now. */
  void clickSeen(long dueNanos) {
    if (isMeasured(dueNanos)) {
      clickMs.recordValue(millisSince(dueNanos));
    }
  }

  /** Counts a click that is given up, with the patience at least, however early that is. */
  void clickUnseen(long dueNanos) {
    if (isMeasured(dueNanos)) {
      unseen.incrementAndGet();
      clickMs.recordValue(Math.max(millisSince(dueNanos), FreshProbe.PATIENCE.toMillis()));
    }
  }

  /** Counts a request that ends now; one that failed has no time, as it may fail fast. */
  void request(long dueNanos, boolean isAnswered) {
    if (!isMeasured(dueNanos)) {
      return;
    }
    if (isAnswered) {
      requestMs.recordValue(millisSince(dueNanos));
    } else {
      failed.incrementAndGet();
    }
  }

  /** Returns whether something was due after the warm-up. */
  boolean isMeasured(long dueNanos) {
    return dueNanos - measuredFromNanos >= 0;
  }

  private static long millisSince(long dueNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - dueNanos);
  }

  /**
   * Returns what was counted.
   *
   * @param asked the most that the clicks' 99th percentile was to be; null for no target
   * @param seconds in which it was measured
   */
  Fresh fresh(Duration asked, double seconds) {
    return new Fresh(
        clickMs.getTotalCount(),
        unseen.get(),
        asked == null ? null : asked.toMillis(),
        Math.round(10 * requestMs.getTotalCount() / Math.max(seconds, 1)) / 10.0,
        LatencyCurve.summary(clickMs),
        LatencyCurve.of(clickMs),
        LatencyCurve.summary(requestMs),
        failed.get());
  }
}
