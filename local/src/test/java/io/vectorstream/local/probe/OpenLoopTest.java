package io.vectorstream.local.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  @Test
  void an_action_is_due_at_its_time_although_the_one_before_was_held_up() {
    long start = System.nanoTime();
    List<Long> due = new ArrayList<>();

    OpenLoop.run(
        1000,
        start,
        Duration.ofMillis(50),
        () -> false,
        (number, dueNanos) -> {
          assertThat(dueNanos - System.nanoTime()).isNotPositive();
          due.add(dueNanos - start);
          if (number == 0) {
            while (System.nanoTime() - start < 20_000_000) {
              Thread.onSpinWait();
            }
          }
        });

    assertThat(due)
        .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> i * 1_000_000L).toList());
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(49_000_000);
  }

  @Test
  void a_stop_ends_it_at_once() {
    List<Long> numbers = new ArrayList<>();

    OpenLoop.run(
        1000,
        System.nanoTime(),
        Duration.ofDays(1),
        () -> numbers.size() == 3,
        (number, dueNanos) -> numbers.add(number));

    assertThat(numbers).containsExactly(0L, 1L, 2L);
  }
}
