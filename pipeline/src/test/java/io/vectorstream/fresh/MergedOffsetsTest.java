package io.vectorstream.fresh;

import static io.vectorstream.fresh.Entries.TOPIC;
import static io.vectorstream.fresh.Entries.entry;
import static io.vectorstream.fresh.Entries.mark;
import static io.vectorstream.fresh.Entries.noBatch;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.fresh.MergedOffsets.Age;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import io.vectorstream.store.EventCollection.Origin;
import io.vectorstream.store.LedgerEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedOffsetsTest {

  private static final BatchMark FIFTH = mark("q1", 5);

  @Test
  void the_batch_begun_last_is_in_a_sum_that_carries_its_mark_and_in_no_other() {
    MergedOffsets merged = MergedOffsets.of(entry(9, FIFTH, Stage.COUNTING, 100, 200), TOPIC);

    assertThat(merged.age(FIFTH.toString())).isEqualTo(Age.WITH);
    assertThat(merged.age(mark("q1", 4).toString())).isEqualTo(Age.BEFORE);
    assertThat(merged.age("")).isEqualTo(Age.BEFORE);
    assertThat(merged.firstMissing(0, Age.WITH)).isEqualTo(200);
    assertThat(merged.firstMissing(0, Age.BEFORE)).isEqualTo(100);
  }

  @Test
  void a_mark_of_a_later_batch_shows_that_the_entry_is_an_old_one() {
    MergedOffsets merged = MergedOffsets.of(entry(9, FIFTH, Stage.COUNTING, 100, 200), TOPIC);

    assertThat(merged.age(mark("q1", 6).toString())).isEqualTo(Age.BEHIND);
    assertThat(merged.age(mark("q2", 0).toString())).isEqualTo(Age.UNKNOWN);
  }

  @Test
  void a_batch_that_only_stores_may_still_become_smaller() {
    MergedOffsets merged = MergedOffsets.of(entry(9, FIFTH, Stage.STORING, 100, 200), TOPIC);

    assertThat(merged.age(FIFTH.toString()))
        .as("before the ledger is asked")
        .isEqualTo(Age.UNKNOWN);
    assertThat(merged.settledAge(FIFTH.toString())).isEqualTo(Age.WITH);
  }

  @Test
  void each_part_of_a_batch_counts_for_itself() {
    MergedOffsets merged =
        MergedOffsets.of(entry(9, FIFTH.part(1), Stage.COUNTING, 150, 200), TOPIC);

    assertThat(merged.age(FIFTH.part(0).toString())).isEqualTo(Age.BEFORE);
    assertThat(merged.age(FIFTH.part(1).toString())).isEqualTo(Age.WITH);
    assertThat(merged.age(FIFTH.part(2).toString())).isEqualTo(Age.BEHIND);
    assertThat(merged.firstMissing(0, Age.BEFORE)).isEqualTo(150);
  }

  @Test
  void an_old_mark_that_nobody_knows_is_settled_by_asking_the_ledger() {
    LedgerEntry entry =
        entry(
            9,
            mark("q2", 0),
            Stage.COUNTING,
            TOPIC,
            List.of(FIFTH),
            new OffsetRange("t", 0, 0, 50));
    MergedOffsets merged = MergedOffsets.of(entry, TOPIC);

    assertThat(merged.age(FIFTH.toString())).as("of a finished query").isEqualTo(Age.BEFORE);
    assertThat(merged.age("older version")).isEqualTo(Age.UNKNOWN);
    assertThat(merged.age("q0:7:cd")).isEqualTo(Age.UNKNOWN);
    assertThat(merged.settledAge("q0:7:cd")).isEqualTo(Age.BEFORE);
  }

  @Test
  void a_query_that_reads_everything_again_makes_nothing_missing_that_was_merged() {
    MergedOffsets before = MergedOffsets.of(entry(9, FIFTH, Stage.COUNTING, 100, 200), TOPIC);
    LedgerEntry next =
        entry(
            10,
            mark("q2", 0),
            Stage.STORING,
            TOPIC,
            List.of(FIFTH),
            new OffsetRange("t", 0, 0, 50));

    assertThat(before.isOtherPlan(next)).isTrue();
    assertThat(before.isRestartedBy(next, TOPIC)).isFalse();
    MergedOffsets after = before.followedBy(next, TOPIC);
    assertThat(after.floor(0)).as("the new query has completed the old one's batch").isEqualTo(200);
    assertThat(after.firstMissing(0, Age.WITH)).isEqualTo(200);
  }

  @Test
  void an_older_checkpoint_that_was_put_back_makes_nothing_missing_that_was_merged() {
    MergedOffsets before = MergedOffsets.of(entry(9, FIFTH, Stage.COUNTING, 100, 200), TOPIC);
    BatchMark again = new BatchMark(FIFTH.queryId(), FIFTH.number(), "ef");
    LedgerEntry next = entry(10, again, Stage.STORING, 100, 180);

    assertThat(before.isOtherPlan(next)).isTrue();
    MergedOffsets after = before.followedBy(next, TOPIC);
    assertThat(after.floor(0)).as("the earlier plan was completed").isEqualTo(200);
    Origin stored = new Origin(FIFTH.toString(), 0, 150, "2026-01-01T00:00:00Z");
    assertThat(after.isWaiting(stored)).isEmpty();
    assertThat(before.isWaiting(stored)).contains(true);
  }

  @Test
  void a_part_that_is_followed_by_another_query_is_merged_with_the_whole_of_its_batch() {
    LedgerEntry part =
        entry(
            9,
            FIFTH.part(0),
            Stage.STORING,
            TOPIC,
            List.of(),
            new OffsetRange("t", 0, 100, 150, 200));
    LedgerEntry next =
        entry(10, mark("q2", 0), Stage.STORING, TOPIC, List.of(), new OffsetRange("t", 0, 0, 50));

    assertThat(MergedOffsets.of(part, TOPIC).followedBy(next, TOPIC).floor(0)).isEqualTo(200);
  }

  @Test
  void a_batch_that_is_divided_merges_nothing() {
    MergedOffsets whole = MergedOffsets.of(entry(9, FIFTH, Stage.STORING, 100, 200), TOPIC);
    LedgerEntry part =
        entry(
            10,
            FIFTH.part(0),
            Stage.STORING,
            TOPIC,
            List.of(),
            new OffsetRange("t", 0, 100, 150, 200));

    assertThat(whole.followedBy(part, TOPIC).floor(0)).isEqualTo(100);
  }

  @Test
  void a_new_partition_is_missing_from_its_beginning() {
    MergedOffsets merged = MergedOffsets.of(entry(9, FIFTH, Stage.COUNTING, 100, 200), TOPIC);

    assertThat(merged.floor(7)).isZero();
    assertThat(merged.firstMissing(7, Age.WITH)).isZero();
  }

  @Test
  void a_topic_that_was_created_again_is_missing_as_a_whole() {
    MergedOffsets before = MergedOffsets.of(entry(9, FIFTH, Stage.COUNTING, 100, 200), TOPIC);

    assertThat(before.isRestartedBy(before.entry(), "topic-2")).isTrue();
    MergedOffsets after = before.followedBy(before.entry(), "topic-2");
    assertThat(after.hasOffsets()).isFalse();
    assertThat(after.firstMissing(0, Age.WITH)).isZero();
    assertThat(after.isWaiting(origin(FIFTH))).as("stored from the topic before").contains(false);
  }

  @Test
  void without_a_batch_everything_is_missing() {
    for (LedgerEntry entry : new LedgerEntry[] {null, noBatch(3)}) {
      MergedOffsets merged = MergedOffsets.of(entry, TOPIC);

      assertThat(merged.firstMissing(0, Age.BEFORE)).isZero();
      assertThat(merged.age("")).isEqualTo(Age.BEFORE);
      assertThat(merged.hasOffsets()).isFalse();
    }
  }

  @Test
  void collections_that_were_put_back_or_made_anew_begin_again() {
    MergedOffsets before = MergedOffsets.of(entry(9, FIFTH, Stage.COUNTING, 100, 200), TOPIC);

    assertThat(before.isRestartedBy(entry(8, FIFTH, Stage.COUNTING, 0, 10), TOPIC)).isTrue();
    assertThat(before.isRestartedBy(null, TOPIC)).isTrue();
    assertThat(before.isRestartedBy(entry(10, FIFTH, Stage.COUNTING, 100, 200), TOPIC)).isFalse();
  }

  @Test
  void a_stored_event_waits_if_the_present_query_has_stored_it() {
    LedgerEntry entry =
        entry(
            9,
            mark("q2", 3),
            Stage.STORING,
            TOPIC,
            List.of(FIFTH),
            new OffsetRange("t", 0, 100, 200));
    MergedOffsets merged = MergedOffsets.of(entry, TOPIC);

    assertThat(merged.isWaiting(origin(mark("q2", 3)))).contains(true);
    assertThat(merged.isWaiting(origin(mark("q2", 4)))).as("a later batch").contains(true);
    assertThat(merged.isWaiting(origin(mark("q2", 2)))).as("an earlier batch").contains(false);
    assertThat(merged.isWaiting(origin(FIFTH))).as("read again").contains(false);
    assertThat(merged.isWaiting(origin(mark("q3", 0)))).as("not known yet").isEmpty();
  }

  private static Origin origin(BatchMark mark) {
    return new Origin(mark.toString(), 0, 150, "2026-01-01T00:00:00Z");
  }
}
