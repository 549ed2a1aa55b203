package io.vectorstream.fresh;

import static io.vectorstream.fresh.Entries.TOPIC;
import static io.vectorstream.fresh.Entries.entry;
import static io.vectorstream.fresh.Entries.mark;
import static io.vectorstream.fresh.Entries.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.Held.Check;
import io.vectorstream.fresh.HeldEvents.Snapshot;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import io.vectorstream.store.ForgottenUsers;
import io.vectorstream.store.PointIds;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeldEventsTest {

  private final HeldEvents held = new HeldEvents(1_000);

  private void begun(long revision, String query, long number, long from, long until) {
    held.advance(entry(revision, mark(query, number), Stage.COUNTING, from, until), TOPIC);
  }

  private void add(int count, long offset) {
    for (long i = offset; i < offset + count; i++) {
      held.add(List.of(view("event-" + i, "user-" + i % 10, 0, i)));
    }
  }

  @Test
  void events_are_dropped_when_the_ledger_has_passed_them() {
    begun(1, "q1", 0, 0, 50);
    add(100, 0);
    assertThat(held.size()).isEqualTo(100);

    begun(2, "q1", 1, 50, 100);

    assertThat(held.size()).isEqualTo(50);
    assertThat(held.ofUser("user-3", 100).events())
        .extracting(one -> one.event().offset())
        .containsExactly(53L, 63L, 73L, 83L, 93L);
    assertThat(held.hasGap()).isFalse();
    add(10, 40);
    assertThat(held.size()).as("what all sums contain is not taken").isEqualTo(50);
  }

  @Test
  void a_record_that_is_read_again_is_held_once() {
    begun(1, "q1", 0, 0, 50);
    add(20, 0);
    add(20, 10);

    assertThat(held.size()).isEqualTo(30);
    assertThat(held.all().events()).noneMatch(Held::isOneOfSeveral);
  }

  @Test
  void the_events_of_one_record_are_held_together_and_once_even_if_it_is_read_again() {
    begun(1, "q1", 0, 0, 50);
    List<ShopEvent> record =
        List.of(
            view("first", "user-1", 1, 7),
            view("second", "user-1", 1, 7),
            view("first", "x", 1, 7));

    held.add(record);
    held.add(record);

    assertThat(held.all().events())
        .extracting(one -> one.event().eventId())
        .containsExactly("first", "second");
    assertThat(held.all().events()).noneMatch(Held::isOneOfSeveral);
  }

  /**
   * The store decides which of them it has: that of the lower partition, although it came later.
   */
  @Test
  void of_two_events_with_one_id_the_store_is_asked_about_both() {
    begun(1, "q1", 0, 0, 50);
    held.add(List.of(view("twice", "user-1", 1, 5)));
    held.add(List.of(view("once", "user-1", 1, 6)));
    held.add(List.of(view("twice", "user-1", 0, 5)));

    assertThat(held.ofUser("user-1", 10).events())
        .filteredOn(Held::isOneOfSeveral)
        .extracting(one -> one.event().eventId())
        .containsExactly("twice", "twice");
  }

  @Test
  void the_oldest_are_given_up_and_the_answers_are_not_complete_until_a_batch_passes_them() {
    begun(1, "q1", 0, 0, 50);
    add(3_000, 0);

    assertThat(held.size()).isEqualTo(1_000);
    assertThat(held.givenUp()).isEqualTo(2_000);
    assertThat(held.users()).isEqualTo(10);
    Snapshot all = held.all();
    assertThat(all.gap()).isTrue();
    assertThat(all.events().get(0).event().offset()).isEqualTo(2_000);

    begun(2, "q1", 1, 2_000, 2_500);
    assertThat(held.hasGap()).isFalse();
    begun(3, "q1", 2, 3_000, 3_000);
    assertThat(held.size()).isZero();
    assertThat(held.users()).isZero();
  }

  @Test
  void long_texts_count_against_the_bound_as_well() {
    begun(1, "q1", 0, 0, 50);
    for (int i = 0; i < 100; i++) {
      held.add(List.of(view("x".repeat(50_000) + i, "ada", 0, i)));
    }

    assertThat(held.size()).isLessThan(11);
    assertThat(held.hasGap()).isTrue();
  }

  @Test
  void a_partition_that_moves_alone_leaves_nothing_behind() {
    OffsetRange still = new OffsetRange("t", 0, 0, 10);
    for (int batch = 0; batch < 50; batch++) {
      held.advance(
          entry(
              batch + 1,
              mark("q1", batch),
              Stage.COUNTING,
              TOPIC,
              List.of(),
              still,
              new OffsetRange("t", 1, batch * 100L, batch * 100L + 100)),
          TOPIC);
      if (batch == 0) {
        held.add(List.of(view("still", "ada", 0, 5)));
      }
      for (long i = 0; i < 100; i++) {
        held.add(List.of(view(batch + "-" + i, "bob", 1, batch * 100L + i)));
      }
    }

    assertThat(held.size()).isEqualTo(101);
    assertThat(held.ofUser("bob", 1_000).events()).hasSize(100);
  }

  @Test
  void a_copy_is_known_while_the_first_is_in_memory() {
    begun(1, "q1", 0, 0, 50);
    held.add(List.of(view("same", "ada", 0, 1)));
    held.add(List.of(view("same", "ada", 0, 2)));

    assertThat(held.ofUser("ada", 10).events())
        .extracting(Held::isCopy)
        .containsExactly(false, true);
  }

  @Test
  void of_a_user_with_too_many_the_latest_are_taken() {
    begun(1, "q1", 0, 0, 50);
    for (int i = 0; i < 20; i++) {
      held.add(List.of(view("event-" + i, "robot", 0, i)));
    }

    Snapshot some = held.ofUser("robot", 5);
    assertThat(some.events()).hasSize(5);
    assertThat(some.events().get(0).event().offset()).isEqualTo(15);
    assertThat(some.gap()).isTrue();
  }

  @Test
  void of_a_forgotten_user_only_what_the_shop_did_stays() {
    begun(1, "q1", 0, 0, 50);
    held.add(List.of(view("one", "ada", 0, 1)));
    held.forget(new ForgottenUsers(Set.of(PointIds.userUuid("ada"))));
    held.add(List.of(view("two", "ada", 0, 2)));

    assertThat(held.ofUser("ada", 10).events()).isEmpty();
    assertThat(held.all().events())
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.event().isWithoutUser()).isTrue();
              assertThat(one.event().toString()).doesNotContain("ada", "card", "my-session");
            });
    begun(2, "q1", 1, 50, 60);
    assertThat(held.size()).isZero();
  }

  @Test
  void what_the_store_said_is_asked_again_when_another_query_takes_over() {
    begun(1, "q1", 0, 0, 50);
    add(2, 60);
    Snapshot before = held.all();
    before.events().forEach(one -> held.note(before, one, Check.NEW));

    begun(2, "q2", 0, 0, 10);

    assertThat(held.all().events()).extracting(Held::check).containsOnly(Check.OPEN);
    before.events().forEach(one -> held.note(before, one, Check.NEW));
    assertThat(held.all().events())
        .as("an answer about the sums of before")
        .extracting(Held::check)
        .containsOnly(Check.OPEN);
  }

  @Test
  void a_topic_that_was_created_again_is_held_anew() {
    begun(1, "q1", 0, 0, 50);
    add(10, 50);

    assertThat(held.advance(held.merged().entry(), "topic-2")).isTrue();
    assertThat(held.size()).isZero();
    held.add(List.of(view("new", "ada", 0, 0)));
    assertThat(held.size()).isEqualTo(1);
  }

  @Test
  void what_is_not_read_at_the_start_is_a_gap() {
    begun(1, "q1", 0, 0, 50);
    held.miss(Map.of(0, 500L));
    assertThat(held.hasGap()).isTrue();
    begun(2, "q1", 1, 500, 600);
    assertThat(held.hasGap()).isFalse();
  }
}
