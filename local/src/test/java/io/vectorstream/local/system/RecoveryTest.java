package io.vectorstream.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When a system counts as recovered from a kill. */
class RecoveryTest {
  private static final long SECOND = 1_000_000;
  private static final long KILL = 20 * SECOND;
  private static final long END = 60 * SECOND;

  /** Makes ten events a second for a minute, each with a latency; a negative one never comes. */
  private static List<WatchedEvent> events(LongUnaryOperator latencyMsOfSecond) {
    return LongStream.range(0, 600)
        .mapToObj(
            i -> {
              WatchedEvent event = new WatchedEvent("e" + i, i * SECOND / 10);
              long latency = latencyMsOfSecond.applyAsLong(i / 10);
              if (latency >= 0) {
                event.seen(event.dueMicros() + 1000 * latency);
              }
              return event;
            })
        .toList();
  }

  @Test
  void usual_is_what_was_stored_before_the_kill_after_the_warm_up() {
    List<WatchedEvent> events = events(second -> second < 5 ? 9000 : second < 19 ? 100 : 5000);

    assertThat(Recovery.usualMs(events, 5 * SECOND, KILL)).isEqualTo(100);
  }

  @Test
  void it_is_over_when_events_come_as_soon_as_before() {
    List<WatchedEvent> events = events(second -> second >= 20 && second < 33 ? 4000 : 100);

    assertThat(Recovery.seconds(events, 100, KILL, END)).hasValue(13);
  }

  @Test
  void a_short_time_in_which_it_seemed_over_does_not_count() {
    List<WatchedEvent> events =
        events(second -> second >= 20 && second < 40 && second != 25 && second != 26 ? 4000 : 100);

    assertThat(Recovery.seconds(events, 100, KILL, END)).hasValue(20);
  }

  @Test
  void a_system_that_stores_nothing_more_does_not_recover() {
    assertThat(Recovery.seconds(events(second -> second < 20 ? 100 : -1), 100, KILL, END))
        .isEmpty();
  }

  @Test
  void a_system_that_a_kill_does_not_slow_has_recovered_at_once() {
    assertThat(Recovery.seconds(events(second -> 100), 100, KILL, END)).hasValue(0);
  }
}
