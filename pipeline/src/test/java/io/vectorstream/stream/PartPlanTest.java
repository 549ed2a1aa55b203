package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartPlanTest {

  private static final BatchMark BATCH = new BatchMark("q", 7, "abcd");
  private static final List<OffsetRange> PLAN =
      List.of(range(0, 100, 5_100), range(1, 0, 10), range(2, 40, 40));

  private final PartPlan plan = new PartPlan(BATCH, "topic-id", PLAN);
  private final BegunBatch before =
      new BegunBatch(new BatchMark("q", 6, "ffff"), Stage.COUNTING, 1, "topic-id", List.of());

  @Test
  void what_fits_is_one_part_under_the_name_of_the_batch() {
    BegunBatch part = plan.first(before, 5_010);

    assertThat(part).isEqualTo(new BegunBatch(BATCH, Stage.STORING, 1, "topic-id", PLAN));
    assertThat(plan.isWhole(part)).isTrue();
    assertThat(plan.next(part, 1_000)).isNull();
  }

  @Test
  void what_does_not_fit_is_read_in_parts_that_leave_nothing_out_and_share_nothing() {
    List<BegunBatch> parts = new ArrayList<>();
    for (BegunBatch part = plan.first(before, 1_000); part != null; part = plan.next(part, 1_000)) {
      parts.add(part);
    }

    assertThat(parts).hasSize(6).allSatisfy(part -> assertThat(size(part)).isBetween(1L, 1_000L));
    assertThat(parts.stream().map(part -> part.mark().toString()))
        .containsExactly(
            "q:7:abcd.0", "q:7:abcd.1", "q:7:abcd.2", "q:7:abcd.3", "q:7:abcd.4", "q:7:abcd.5");
    assertThat(parts.get(0).ranges()).contains(range(1, 0, 10));
    for (int partition = 0; partition < PLAN.size(); partition++) {
      assertThat(parts.get(0).ranges().get(partition).from()).isEqualTo(PLAN.get(partition).from());
      for (int i = 1; i < parts.size(); i++) {
        assertThat(parts.get(i).ranges().get(partition).from())
            .isEqualTo(parts.get(i - 1).ranges().get(partition).until());
      }
      assertThat(parts.get(5).ranges().get(partition).until())
          .isEqualTo(PLAN.get(partition).until());
    }
  }

  @Test
  void a_part_that_counts_is_repeated_as_it_was() {
    BegunBatch counting = plan.next(plan.first(before, 3_000), 1_500).counting();

    assertThat(plan.first(counting, 10)).isEqualTo(counting);
    assertThat(plan.first(counting, 100_000)).isEqualTo(counting);
  }

  @Test
  void a_part_that_only_stores_is_made_to_fit() {
    BegunBatch storing = plan.first(before, 100_000);

    BegunBatch again = plan.first(storing, 500);

    assertThat(again.mark()).isEqualTo(BATCH.part(0));
    assertThat(size(again)).isEqualTo(500);
    assertThat(again.tries()).isEqualTo(2);
  }

  @Test
  void a_part_that_fails_again_and_again_is_made_smaller_each_time() {
    BegunBatch part = plan.first(before, 100_000);
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      part = plan.first(part, 100_000);
      sizes.add(size(part));
    }

    assertThat(sizes).containsExactly(5_010L, 2_505L, 1_252L, 626L, 313L, 156L, 100L, 100L);
  }

  @Test
  void a_later_part_that_is_made_smaller_begins_where_it_did() {
    BegunBatch second = plan.next(plan.first(before, 1_000), 2_000);

    BegunBatch again = plan.first(second, 300);

    assertThat(again.mark()).isEqualTo(BATCH.part(1));
    assertThat(again.ranges().stream().map(OffsetRange::from))
        .isEqualTo(second.ranges().stream().map(OffsetRange::from).toList());
    assertThat(size(again)).isEqualTo(300);
  }

  @Test
  void a_first_part_that_may_be_larger_now_keeps_its_name() {
    BegunBatch first = plan.first(before, 1_000);

    BegunBatch again = plan.first(first, 100_000);

    assertThat(again.mark()).isEqualTo(BATCH.part(0));
    assertThat(again.ranges()).isEqualTo(PLAN);
    assertThat(plan.next(again, 1_000)).isNull();
  }

  @Test
  void a_batch_that_a_version_without_a_ledger_may_have_begun_is_not_divided() {
    BegunBatch all = plan.undivided();

    assertThat(all.ranges()).isEqualTo(PLAN);
    assertThat(all.mark()).isEqualTo(BATCH);
    assertThat(plan.first(all, 10)).isEqualTo(all);
  }

  @Test
  void whoever_finds_a_part_knows_what_is_left_of_the_whole() {
    BegunBatch second = plan.next(plan.first(before, 1_000), 1_000);
    PartPlan found = new PartPlan(BATCH, "topic-id", second.plan());

    long left = 0;
    for (BegunBatch part = found.first(second, 700); part != null; part = found.next(part, 700)) {
      left += size(part);
    }

    assertThat(left).isEqualTo(5_010 - 1_000);
  }

  private static OffsetRange range(int partition, long from, long until) {
    return new OffsetRange("events", partition, from, until);
  }

  private static long size(BegunBatch part) {
    return part.size();
  }
}
