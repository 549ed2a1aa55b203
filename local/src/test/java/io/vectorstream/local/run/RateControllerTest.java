package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Phases;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateControllerTest {
  private static final Duration TRIGGER = Duration.ofSeconds(10);

  private final RateController controller = new RateController(TRIGGER);

  private static Batch batch(long records, double seconds, double embedSeconds) {
    return new Batch(
        1,
        Instant.EPOCH,
        Math.round(seconds * 1000),
        records,
        new Phases(0, Math.round(embedSeconds * 1000), 0));
  }

  /** A pipeline that takes half a second a batch and a second for so many records. */
  private double secondsOfTheLastOf(int batches, double capacity) {
    double sentInTheSlotBefore = controller.rate(0) * 10;
    double seconds = 0;
    for (int i = 0; i < batches; i++) {
      double filling = controller.rate(0) * 10;
      seconds = 0.5 + sentInTheSlotBefore / capacity;
      controller.onBatch(batch(Math.round(sentInTheSlotBefore), seconds, 0));
      sentInTheSlotBefore = filling;
    }
    return seconds;
  }

  @Test
  void starts_at_four_thousand_a_second() {
    assertThat(controller.rate(0)).isEqualTo(4000);
  }

  @Test
  void finds_the_rate_at_which_batches_take_nine_tenths_of_the_trigger() {
    assertThat(secondsOfTheLastOf(20, 40_000)).isCloseTo(9.3, within(0.1));
  }

  @Test
  void is_near_that_rate_within_a_minute() {
    assertThat(secondsOfTheLastOf(6, 40_000)).isBetween(7.0, 10.0);
  }

  @Test
  void settles_although_a_batch_tells_of_the_rate_before_the_present_one() {
    secondsOfTheLastOf(20, 30_000);
    double settled = controller.rate(0);
    for (int i = 0; i < 10; i++) {
      secondsOfTheLastOf(1, 30_000);
      assertThat(controller.rate(0)).isCloseTo(settled, within(settled / 100));
    }
  }

  @Test
  void one_odd_batch_changes_the_rate_by_a_bounded_factor() {
    controller.onBatch(batch(1_000_000, 0.1, 0));
    assertThat(controller.rate(0)).isEqualTo(12_000);
    controller.onBatch(batch(10, 60, 0));
    assertThat(controller.rate(0)).isCloseTo(7_200, within(0.1));
  }

  @Test
  void a_batch_that_mostly_embeds_says_little_about_how_many_records_can_be_handled() {
    // 2 s for 10,000 records, of which 1.4 s pass for fixed, and 12 s for their products: 6 s are
    // set aside in the next batch.
    controller.onBatch(batch(10_000, 14, 12));
    double sustainable = 10_000 / 0.6 * (9.3 - 1.4 - 6) / 10;
    assertThat(controller.rate(0)).isCloseTo(4000 + 0.9 * (sustainable - 4000), within(0.1));
  }

  @Test
  void a_batch_without_records_says_nothing() {
    controller.onBatch(batch(0, 5, 0));
    controller.onBatch(batch(5, 0, 0));
    assertThat(controller.rate(0)).isEqualTo(4000);
  }

  @Test
  void the_load_is_held_back_and_then_stopped_as_the_backlog_grows() {
    assertThat(controller.rate(100_000)).isEqualTo(4000);
    assertThat(controller.rate(100_001)).isEqualTo(1000);
    assertThat(controller.rate(200_000)).isEqualTo(1000);
    assertThat(controller.rate(200_001)).isZero();
  }
}
