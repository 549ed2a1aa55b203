package io.vectorstream.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Batch reports for tests. */
final class BatchReports {

  private BatchReports() {}

  /** One second long, each stored event with a latency of its own. */
  static BatchReport batch(
      long id, Instant startedAt, Map<String, Long> deadLetters, long... latenciesMs) {
    Histogram latency = new Histogram(3);
    for (long ms : latenciesMs) {
      latency.recordValue(ms);
    }
    long dead = deadLetters.values().stream().mapToLong(Long::longValue).sum();
    return new BatchReport(
        id,
        startedAt,
        Duration.ofSeconds(1),
        latenciesMs.length + dead,
        latenciesMs.length,
        0,
        0,
        2,
        deadLetters,
        7,
        3,
        new BatchReport.Phases(
            Duration.ofMillis(200), Duration.ofMillis(300), Duration.ofMillis(500)),
        latency,
        new Histogram(3),
        latenciesMs.length == 0 ? null : startedAt);
  }
}
