package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.monitoring.BatchReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchLogTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final BatchLog log = new BatchLog(Duration.ofSeconds(10), Duration.ZERO);

  @BeforeEach
  void begin() {
    log.startOver(START);
  }

  /** A batch that stores 10 events, each with that latency, and one that was late by an hour. */
  private static BatchReport batch(int second, int seconds, long latencyMs) {
    Histogram late = new Histogram(3);
    late.recordValue(3_600_000);
    Histogram all = late.copy();
    all.recordValueWithCount(latencyMs, 10);
    return new BatchReport(
        second,
        START.plusSeconds(second),
        Duration.ofSeconds(seconds),
        11,
        11,
        0,
        0,
        0,
        Map.of(),
        0,
        0,
        new BatchReport.Phases(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(seconds)),
        all,
        late,
        START.plusSeconds(second).plusMillis(500));
  }

  @Test
  void late_events_are_in_no_latency_but_their_own() {
    log.add(batch(5, 2, 4_000));
    log.add(batch(10, 2, 5_000));

    assertThat(log.latencies().all().getTotalCount()).isEqualTo(20);
    assertThat(log.latencies().all().getMaxValue()).isLessThan(6_000);
    assertThat(log.latencies().late().getTotalCount()).isEqualTo(2);
    assertThat(log.latencies().late().getMinValue()).isGreaterThan(3_500_000);
  }

  @Test
  void what_waited_for_the_cold_start_is_not_in_the_steady_latencies() {
    log.add(batch(5, 30, 35_000));
    log.add(batch(35, 8, 36_000));
    log.add(batch(43, 2, 9_000));

    assertThat(log.latencies().all().getTotalCount()).isEqualTo(30);
    assertThat(log.latencies().steady().getTotalCount()).isEqualTo(10);
    assertThat(log.latencies().steady().getMaxValue()).isLessThan(10_000);
    assertThat(log.beginning().firstStoredAt()).contains(START.plusMillis(5_500));
    assertThat(log.beginning().steadyAt()).contains(START.plusSeconds(43));
  }

  @Test
  void a_new_measurement_knows_nothing_of_the_one_before() {
    log.add(batch(5, 2, 4_000));
    log.add(batch(10, 2, 5_000));
    log.startOver(START.plusSeconds(60));

    assertThat(log.batches()).isEmpty();
    assertThat(log.latencies().all().getTotalCount()).isZero();
    assertThat(log.latencies().steady().getTotalCount()).isZero();
    assertThat(log.latencies().late().getTotalCount()).isZero();
    assertThat(log.beginning().firstStoredAt()).isEmpty();
    assertThat(log.beginning().steadyAt()).isEmpty();
  }
}
