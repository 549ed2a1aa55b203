package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.shop.EventType;
import org.junit.jupiter.api.Test;

class MinuteTest {

  private static final long MINUTE = 60_000_000;

  @Test
  void a_minute_begins_at_its_first_microsecond_and_ends_before_the_next_one_s() {
    assertThat(MinuteDelta.minuteOf(0)).isZero();
    assertThat(MinuteDelta.minuteOf(MINUTE - 1)).isZero();
    assertThat(MinuteDelta.minuteOf(MINUTE)).isEqualTo(1);
    assertThat(MinuteDelta.minuteOf(-1)).isEqualTo(-1);
  }

  @Test
  void a_batch_that_was_added_before_changes_nothing() {
    MinuteDelta delta = new MinuteDelta(7);
    delta.counts().add(EventType.VIEW, 3);

    MinuteState once = MinuteState.empty(7).plus(delta, "query:1:aa");
    MinuteState twice = once.plus(delta, "query:1:aa");
    MinuteState next = once.plus(delta, "query:2:bb");

    assertThat(once.counts().of(EventType.VIEW)).isEqualTo(3);
    assertThat(twice).isSameAs(once);
    assertThat(next.counts().of(EventType.VIEW)).isEqualTo(6);
    assertThat(next.batch()).isEqualTo("query:2:bb");
  }

  @Test
  void what_two_tasks_saw_of_a_minute_adds_up() {
    MinuteDelta one = new MinuteDelta(7);
    one.counts().add(EventType.VIEW, 3);
    MinuteDelta other = new MinuteDelta(7);
    other.counts().add(EventType.VIEW, 2);
    other.counts().add(EventType.PURCHASE, 1);

    one.add(other);

    assertThat(one.counts().of(EventType.VIEW)).isEqualTo(5);
    assertThat(one.counts().of(EventType.PURCHASE)).isEqualTo(1);
  }
}
