package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairShareTest {

  @Test
  void what_is_fresh_in_a_short_partition_does_not_wait_for_a_long_one() {
    assertThat(FairShare.of(Map.of("backlog", 2_000_000L, "fresh", 30L), 1_000))
        .isEqualTo(Map.of("backlog", 970L, "fresh", 30L));
  }

  @Test
  void long_partitions_get_the_same() {
    assertThat(FairShare.of(Map.of("a", 5_000L, "b", 9_000L, "c", 100L, "d", 7_000L), 3_100))
        .isEqualTo(Map.of("a", 1_000L, "b", 1_000L, "c", 100L, "d", 1_000L));
  }

  @Test
  void all_is_taken_where_all_fits() {
    Map<String, Long> waiting = Map.of("a", 5L, "b", 0L, "c", 7L);

    assertThat(FairShare.of(waiting, 12)).isEqualTo(waiting);
    assertThat(FairShare.of(waiting, 1_000)).isEqualTo(waiting);
    assertThat(FairShare.of(Map.of(), 1_000)).isEmpty();
  }

  @Test
  void a_limit_below_the_number_of_partitions_is_kept() {
    Map<String, Long> shares = FairShare.of(Map.of("a", 9L, "b", 9L, "c", 9L), 2);

    assertThat(shares.values()).containsExactlyInAnyOrder(1L, 1L, 0L);
  }

  @Test
  void shares_are_max_min_fair_for_any_partitions() {
    for (long seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      Map<Integer, Long> waiting = new HashMap<>();
      int partitions = 1 + random.nextInt(12);
      for (int i = 0; i < partitions; i++) {
        waiting.put(i, (long) Math.pow(10, random.nextDouble() * 6));
      }
      long all = sum(waiting);
      long limit = 1 + (long) (random.nextDouble() * 1.2 * all);

      Map<Integer, Long> shares = FairShare.of(waiting, limit);

      assertThat(sum(shares)).as("seed %d", seed).isEqualTo(Math.min(limit, all));
      long largest = shares.values().stream().mapToLong(Long::longValue).max().orElseThrow();
      shares.forEach(
          (partition, share) -> {
            assertThat(share).isBetween(0L, waiting.get(partition));
            if (share < waiting.get(partition)) {
              // A partition with a rest got as much as any other, but for rounding.
              assertThat(share).isGreaterThanOrEqualTo(largest - 1);
            }
          });
    }
  }

  private static long sum(Map<Integer, Long> values) {
    return values.values().stream().mapToLong(Long::longValue).sum();
  }
}
