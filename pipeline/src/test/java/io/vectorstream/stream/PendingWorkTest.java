package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingWorkTest {

  private static final int STEPS = 12;

  private final AtomicInteger steps = new AtomicInteger();

  /** The number of steps at the end of each gap between batches. */
  private final List<Integer> gaps = new CopyOnWriteArrayList<>();

  private PendingWork work;

  @AfterEach
  void stop() {
    work.close();
  }

  @Test
  void a_batch_waits_for_one_step_at_most() {
    start(Duration.ZERO, Duration.ZERO);

    assertThat(gaps).hasSize(STEPS).startsWith(1, 2, 3);
  }

  @Test
  void where_there_is_too_much_to_do_a_batch_waits_until_there_is_not() {
    start(Duration.ofHours(1), Duration.ZERO);

    assertThat(gaps).startsWith(STEPS / 2, STEPS / 2 + 1).endsWith(STEPS);
  }

  @Test
  void a_turn_ends_with_the_work() {
    start(Duration.ofHours(1), Duration.ofHours(1));

    assertThat(gaps).containsExactly(STEPS);
  }

  @Test
  void it_looks_for_work_again_although_nobody_reports_any() {
    work =
        new PendingWork(
            this::between,
            () -> steps.incrementAndGet() < 0,
            () -> Duration.ZERO,
            Duration.ofMillis(10),
            fenced -> {});
    work.start();

    await().until(() -> gaps.size() > 2);
  }

  /** Does all the steps; from the middle on, {@code later} is the turn. */
  private void start(Duration turn, Duration later) {
    work =
        new PendingWork(
            this::between,
            () -> steps.incrementAndGet() < STEPS,
            () -> steps.get() < STEPS / 2 ? turn : later,
            Duration.ofHours(1),
            fenced -> {});
    work.start();
    await().until(() -> gaps.contains(STEPS));
  }

  private boolean between(BooleanSupplier turn) {
    boolean more = turn.getAsBoolean();
    gaps.add(steps.get());
    return more;
  }
}
