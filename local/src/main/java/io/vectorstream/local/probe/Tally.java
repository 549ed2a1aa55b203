package io.vectorstream.local.probe;

import io.vectorstream.reports.result.SearchLoadResult.Latency;
import io.vectorstream.reports.result.Searches.Figures;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The answers of searches at one rate. */
final class Tally {
  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);
  private final Map<String, Long> failures = new TreeMap<>();
  private long empty;

  /** Counts an answer that came now to a search that was due then. */
  synchronized void add(long dueNanos, SearchAnswer answer) {
    if (answer.failure() != null) {
      // Without a time: it may fail fast.
      failures.merge(answer.failure(), 1L, Long::sum);
      return;
    }
    long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos);
    micros.recordValue(Math.min(took, HIGHEST_MICROS));
    if (answer.isEmpty()) {
      empty++;
    }
  }

  /**
   * @param seconds from the first search to the last answer
   */
  synchronized Figures figures(double seconds) {
    long failed = failures.values().stream().mapToLong(Long::longValue).sum();
    long answered = micros.getTotalCount();
    return new Figures(
        answered + failed,
        tenth(answered / seconds),
        failed,
        empty,
        new TreeMap<>(failures),
        new Latency(
            tenth(micros.getMean() / 1000),
            at(50),
            at(90),
            at(99),
            at(99.9),
            tenth(micros.getMaxValue() / 1000.0)));
  }

  private double at(double percentile) {
    return tenth(micros.getValueAtPercentile(percentile) / 1000.0);
  }

  static double tenth(double value) {
    return Math.round(10 * value) / 10.0;
  }
}
