package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Phases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SustainedRateTest {
  private static final Duration TRIGGER = Duration.ofSeconds(10);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static Batch batch(double start, double seconds, long records) {
    return new Batch(
        0,
        START.plusMillis(Math.round(start * 1000)),
        Math.round(seconds * 1000),
        records,
        new Phases(0, 0, 0));
  }

  private static double between(double from, double loadEnd, Batch... batches) {
    return SustainedRate.between(
        List.of(batches),
        TRIGGER,
        START.plusMillis(Math.round(from * 1000)),
        START.plusMillis(Math.round(loadEnd * 1000)));
  }

  @Test
  void a_pipeline_that_keeps_up_sustains_what_is_offered() {
    assertThat(
            between(
                0,
                60,
                batch(3, 4, 3_000),
                batch(13, 2, 10_000),
                batch(23, 2, 10_000),
                batch(33, 2, 10_000),
                batch(63, 2, 7_000)))
        .isCloseTo(1000, within(0.01));
  }

  @Test
  void a_first_batch_that_was_late_does_not_make_the_others_look_slow() {
    // The second one comes 9.2 s later, and finds the records of 9.2 s.
    assertThat(
            between(
                0,
                35,
                batch(0.8, 2, 3_000),
                batch(10, 2, 9_200),
                batch(20, 2, 10_000),
                batch(30, 2, 10_000)))
        .isCloseTo(1000, within(0.01));
  }

  @Test
  void a_pipeline_that_falls_behind_is_not_credited_with_what_is_offered() {
    // 50,000 a second come, 20,000 a second are handled.
    assertThat(between(0, 120, batch(10, 25, 500_000), batch(35, 62.5, 1_250_000)))
        .isCloseTo(20_000, within(0.01));
  }

  @Test
  void a_slow_first_batch_does_not_make_the_next_one_look_fast() {
    // 1,000 a second come; the batch after the slow one handles 20 s of them in 3 s.
    assertThat(between(0, 60, batch(0, 20, 5_000), batch(20, 3, 20_000), batch(30, 3, 10_000)))
        .isCloseTo(1000, within(0.01));
  }

  @Test
  void a_slow_batch_in_the_middle_counts_with_its_time() {
    // The rate at which events came went down while the batch was slow.
    assertThat(between(0, 60, batch(0, 5, 10_000), batch(10, 30, 10_000), batch(40, 5, 10_000)))
        .isCloseTo(500, within(0.01));
  }

  @Test
  void what_started_before_the_warm_up_was_over_is_left_out() {
    assertThat(
            between(
                15,
                60,
                batch(0, 5, 1_000),
                batch(10, 5, 1_000),
                batch(20, 5, 9_000),
                batch(30, 5, 50_000),
                batch(40, 5, 50_000)))
        .isCloseTo(5_000, within(0.01));
  }

  @Test
  void fewer_than_two_batches_under_load_give_no_rate() {
    assertThat(between(0, 15, batch(10, 2, 10_000), batch(20, 2, 5_000))).isZero();
  }
}
