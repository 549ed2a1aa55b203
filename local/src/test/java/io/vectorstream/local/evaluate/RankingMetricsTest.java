package io.vectorstream.local.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.reports.result.EvaluationResult.Estimate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RankingMetricsTest {

  private static final List<String> LIST = List.of("a", "b", "c", "d", "e");

  @Test
  void one_relevant_product_anywhere_in_the_list_is_a_hit() {
    assertThat(RankingMetrics.hit(LIST, Set.of("e", "x"))).isEqualTo(1);
    assertThat(RankingMetrics.hit(LIST, Set.of("x"))).isZero();
    assertThat(RankingMetrics.hit(List.of(), Set.of("x"))).isZero();
  }

  @Test
  void the_gain_is_worth_less_further_down_and_is_held_against_the_best_there_can_be() {
    // At the ranks 2 and 4, of 3 that there are: 1/log2(3) + 1/log2(5) over
    // 1/log2(2) + 1/log2(3) + 1/log2(4).
    assertThat(RankingMetrics.ndcg(LIST, Set.of("b", "d", "x"), 5))
        .isCloseTo((0.630930 + 0.430677) / (1 + 0.630930 + 0.5), within(1e-5));
    assertThat(RankingMetrics.ndcg(LIST, Set.of("a"), 5)).isCloseTo(1, within(1e-12));
    assertThat(RankingMetrics.ndcg(LIST, Set.of("x"), 5)).isZero();
  }

  @Test
  void more_relevant_products_than_fit_in_the_list_are_not_asked_for() {
    assertThat(RankingMetrics.ndcg(List.of("a", "b"), Set.of("a", "b", "c", "d"), 2))
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void the_reciprocal_rank_is_that_of_the_first_relevant_product() {
    assertThat(RankingMetrics.reciprocalRank(LIST, Set.of("d", "b"))).isEqualTo(0.5);
    assertThat(RankingMetrics.reciprocalRank(LIST, Set.of("x"))).isZero();
  }

  @Test
  void an_estimate_is_the_mean_with_1_96_standard_errors() {
    // Deviation sqrt(4 * 0.25 / 3) = 0.57735, over sqrt(4), times 1.96.
    Estimate estimate = Estimates.of(new double[] {0, 1, 1, 0});

    assertThat(estimate.mean()).isEqualTo(0.5);
    assertThat(estimate.margin()).isCloseTo(0.565803, within(1e-6));
  }

  @Test
  void a_difference_is_taken_user_by_user() {
    Estimate difference =
        Estimates.ofDifference(new double[] {0.2, 0.9, 0.5}, new double[] {0.1, 0.8, 0.4});

    assertThat(difference.mean()).isCloseTo(0.1, within(1e-12));
    assertThat(difference.margin()).isCloseTo(0, within(1e-12));
  }

  @Test
  void of_three_tastes_the_first_is_drawn_five_times_in_nine() {
    assertThat(KnownTastes.share(0, 3)).isCloseTo(5 / 9.0, within(1e-12));
    assertThat(KnownTastes.share(1, 3)).isCloseTo(3 / 9.0, within(1e-12));
    assertThat(KnownTastes.share(2, 3)).isCloseTo(1 / 9.0, within(1e-12));
  }
}
