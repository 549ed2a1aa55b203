package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchPaceTest {

  private static final Duration BUDGET = Duration.ofSeconds(20);

  private final BatchPace pace = new BatchPace(BUDGET, 1_000_000);

  @Test
  void the_first_batch_takes_what_a_cold_machine_can_do() {
    assertThat(pace.limit()).isEqualTo(BatchPace.FIRST);
    assertThat(new BatchPace(BUDGET, 700).limit()).isEqualTo(700);
  }

  @Test
  void a_batch_that_took_too_long_is_followed_by_one_that_fits() {
    pace.took(50_000, Duration.ofSeconds(100));

    assertThat(pace.limit()).isEqualTo(10_000);
  }

  @Test
  void a_batch_that_was_fast_is_followed_by_a_larger_one_but_not_by_too_large_a_one() {
    pace.took(50_000, Duration.ofSeconds(10));
    assertThat(pace.limit()).isEqualTo(100_000);

    pace.took(100_000, Duration.ofSeconds(1));
    assertThat(pace.limit()).isEqualTo(400_000);
  }

  @Test
  void the_setting_for_the_largest_batch_holds_however_fast_it_goes() {
    for (int i = 0; i < 20; i++) {
      pace.took(pace.limit(), Duration.ofMillis(1));
    }

    assertThat(pace.limit()).isEqualTo(1_000_000);
  }

  @Test
  void however_slow_it_goes_some_events_are_taken() {
    for (int i = 0; i < 20; i++) {
      pace.took(pace.limit(), Duration.ofHours(10));
    }
    assertThat(pace.limit()).isEqualTo(BatchPace.SMALLEST);

    BatchPace small = new BatchPace(BUDGET, 7);
    small.took(7, Duration.ofHours(10));
    assertThat(small.limit()).isEqualTo(7);
  }

  @Test
  void a_batch_of_few_events_is_no_reason_to_take_less() {
    pace.took(10, Duration.ofSeconds(15));
    assertThat(pace.limit()).isEqualTo(BatchPace.FIRST);

    pace.took(0, Duration.ofHours(1));
    assertThat(pace.limit()).isEqualTo(BatchPace.FIRST);
  }

  @Test
  void a_batch_of_few_events_that_took_too_long_does_not_make_the_next_larger() {
    pace.took(1_000_000, Duration.ofSeconds(21));

    assertThat(pace.limit()).isEqualTo(BatchPace.FIRST);
  }

  @Test
  void a_batch_that_took_no_time_at_all_is_counted() {
    pace.took(50_000, Duration.ZERO);

    assertThat(pace.limit()).isEqualTo(200_000);
  }

  @Test
  void it_settles_where_batches_take_their_time() {
    double eventsPerMilli = 3;
    for (int i = 0; i < 20; i++) {
      pace.took(pace.limit(), Duration.ofMillis((long) (pace.limit() / eventsPerMilli)));
    }
    assertThat(pace.limit()).isBetween(59_000L, 61_000L);

    // The machine gets ten times as slow, and later as fast as before.
    pace.took(pace.limit(), Duration.ofMillis((long) (10 * pace.limit() / eventsPerMilli)));
    assertThat(pace.limit()).isBetween(5_900L, 6_100L);
    for (int i = 0; i < 5; i++) {
      pace.took(pace.limit(), Duration.ofMillis((long) (pace.limit() / eventsPerMilli)));
    }
    assertThat(pace.limit()).isBetween(59_000L, 61_000L);
  }

  @Test
  void what_a_batch_leaves_in_kafka_is_known_until_the_next_is_planned() {
    assertThat(pace.waiting()).isZero();

    pace.leaves(1_950_000);
    assertThat(pace.waiting()).isEqualTo(1_950_000);

    pace.leaves(0);
    assertThat(pace.waiting()).isZero();
  }

  @Test
  void a_part_with_too_many_different_texts_is_followed_by_smaller_ones_for_a_while() {
    BatchPace pace = new BatchPace(Duration.ofSeconds(10), 1_000_000);
    pace.took(50_000, Duration.ofSeconds(2));
    long before = pace.limit();

    pace.holds(before, 4 * TooManyTextsException.MOST);

    long after = pace.limit();
    assertThat(after).isLessThan(before / 4).isGreaterThan(before / 6);
    for (int i = 0; i < 300; i++) {
      pace.took(after, Duration.ofSeconds(2));
    }
    assertThat(pace.limit()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void texts_are_counted_only_as_far_as_the_driver_can_hold_them() {
    TooManyTextsException.check(() -> TooManyTextsException.MOST);
    assertThatThrownBy(() -> TooManyTextsException.check(() -> TooManyTextsException.MOST + 1))
        .isInstanceOf(TooManyTextsException.class)
        .hasMessageContaining("50,001 different product texts");
  }
}
