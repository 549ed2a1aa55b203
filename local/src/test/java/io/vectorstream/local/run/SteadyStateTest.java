package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Phases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyStateTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TRIGGER = Duration.ofSeconds(10);

  private final List<Boolean> measured = new ArrayList<>();

  /** Batches by when they start and how long they take, in seconds. */
  private SteadyState of(Duration warmUp, double... startsAndDurations) {
    SteadyState state = new SteadyState(TRIGGER, START, warmUp);
    for (int i = 0; i < startsAndDurations.length; i += 2) {
      measured.add(
          state.add(
              new Batch(
                  i / 2,
                  at(startsAndDurations[i]),
                  Math.round(startsAndDurations[i + 1] * 1000),
                  10,
                  new Phases(0, 0, 0))));
    }
    return state;
  }

  private static Instant at(double seconds) {
    return START.plusMillis(Math.round(seconds * 1000));
  }

  @Test
  void a_pipeline_that_keeps_up_at_once_is_steady_with_its_first_batch() {
    SteadyState state = of(Duration.ZERO, 5, 7, 10, 2, 20, 2);

    assertThat(state.reached()).contains(at(12));
    assertThat(state.measuredSince()).contains(at(5));
    assertThat(measured).containsExactly(false, true, true);
  }

  @Test
  void the_batch_that_works_off_what_waited_is_the_last_one_of_the_start() {
    SteadyState state = of(Duration.ZERO, 5, 38, 43, 9, 52, 3, 60, 2);

    assertThat(state.reached()).contains(at(52));
    assertThat(state.measuredSince()).contains(at(43));
    assertThat(measured).containsExactly(false, false, true, true);
  }

  @Test
  void a_batch_that_falls_behind_in_the_first_minute_ends_what_seemed_steady() {
    SteadyState state = of(Duration.ZERO, 1, 3, 10, 2, 20, 25, 45, 4, 50, 2);

    assertThat(state.reached()).contains(at(49));
    assertThat(measured).containsExactly(false, true, false, false, true);
  }

  @Test
  void a_batch_that_falls_behind_later_is_a_fault_of_the_steady_state() {
    SteadyState state = of(Duration.ZERO, 5, 7, 60, 30, 90, 25, 115, 40);

    assertThat(state.reached()).contains(at(12));
    assertThat(measured).containsExactly(false, true, true, true);
  }

  @Test
  void a_batch_longer_than_the_trigger_keeps_up_with_what_came_in_a_longer_time() {
    SteadyState state = of(Duration.ZERO, 5, 14, 19, 14.5, 33.5, 15);

    assertThat(state.reached()).contains(at(33.5));
  }

  @Test
  void a_pipeline_that_falls_behind_with_each_batch_is_not_steady() {
    SteadyState state = of(Duration.ZERO, 5, 12, 17, 16, 33, 22);

    assertThat(state.reached()).isEmpty();
    assertThat(state.measuredSince()).isEmpty();
  }

  @Test
  void the_warm_up_is_not_measured_however_steady() {
    SteadyState state = of(Duration.ofSeconds(30), 5, 2, 10, 2, 20, 2, 30, 2, 40, 2);

    assertThat(state.reached()).contains(at(7));
    assertThat(state.measuredSince()).contains(at(30));
    assertThat(measured).containsExactly(false, false, false, true, true);
  }
}
