package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FutureTimesTest {
  private static final long NOW = micros(Instant.parse("2026-05-04T10:00:00Z"));

  @Test
  void a_time_of_the_year_2099_becomes_now() {
    long far = micros(Instant.parse("2099-01-01T00:00:00Z"));

    assertThat(FutureTimes.holds(far, NOW)).isTrue();
    assertThat(FutureTimes.none(far, NOW)).isEqualTo(NOW);
  }

  @Test
  void a_clock_that_is_behind_by_a_time_zone_leaves_what_others_have_written() {
    long slow = NOW - TimeUnit.HOURS.toMicros(14);

    assertThat(FutureTimes.holds(NOW, slow)).isFalse();
    assertThat(FutureTimes.none(NOW, slow)).isEqualTo(NOW);
  }

  private static long micros(Instant time) {
    return TimeUnit.NANOSECONDS.toMicros(Duration.between(Instant.EPOCH, time).toNanos());
  }
}
