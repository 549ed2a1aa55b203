package io.vectorstream.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.store.Candidate;
import io.vectorstream.store.ProductHit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The wanted direction is (1, 0); scores are the cosines with it. */
class MarginalRelevanceTest {

  private static final Map<String, float[]> VECTORS = new HashMap<>();
  private static final Candidate NEAREST = candidate("nearest", 0.96f, 0.28f);
  private static final Candidate TWIN = candidate("twin", 0.936f, 0.352f);
  private static final Candidate OTHER_SIDE = candidate("other side", 0.8f, -0.6f);
  private static final List<Candidate> ALL = List.of(NEAREST, TWIN, OTHER_SIDE);

  @Test
  void without_diversity_the_order_is_that_of_the_scores() {
    assertThat(ids(ALL, 3, 0)).containsExactly("nearest", "twin", "other side");
  }

  @Test
  void with_diversity_what_is_unlike_the_chosen_ones_comes_before_their_twin() {
    // cos(nearest, twin) = 0.99712, cos(nearest, other side) = 0.6. At 0.3:
    // twin 0.7 * 0.936 - 0.3 * 0.99712 = 0.356, other side 0.7 * 0.8 - 0.3 * 0.6 = 0.38.
    assertThat(ids(ALL, 3, 0.3)).containsExactly("nearest", "other side", "twin");
    // At 0.2: twin 0.8 * 0.936 - 0.2 * 0.99712 = 0.549, other side 0.64 - 0.12 = 0.52.
    assertThat(ids(ALL, 3, 0.2)).containsExactly("nearest", "twin", "other side");
  }

  @Test
  void what_counts_is_the_chosen_one_that_a_candidate_is_most_like() {
    Candidate lesserTwin = candidate("lesser twin", 0.92f, 0.392f);
    Candidate leftish = candidate("leftish", 0.85f, -0.527f);
    Candidate opposite = candidate("opposite", 0.6f, -0.8f);

    // After nearest and opposite, the lesser twin is held against nearest, though that was taken
    // first: 0.3 * 0.92 - 0.7 * 0.993 = -0.419; leftish against opposite: 0.255 - 0.7 * 0.932 =
    // -0.397.
    assertThat(ids(List.of(NEAREST, lesserTwin, leftish, opposite), 4, 0.7))
        .containsExactly("nearest", "opposite", "leftish", "lesser twin");
  }

  @Test
  void only_variety_counts_at_one() {
    Candidate opposite = candidate("opposite", -0.96f, -0.28f);

    assertThat(ids(List.of(NEAREST, TWIN, OTHER_SIDE, opposite), 2, 1))
        .containsExactly("nearest", "opposite");
  }

  @Test
  void each_keeps_its_own_score_and_there_are_no_more_than_were_wanted() {
    assertThat(MarginalRelevance.choose(ALL, VECTORS, 2, 0.3))
        .containsExactly(NEAREST.hit(), OTHER_SIDE.hit());
    assertThat(MarginalRelevance.choose(ALL, VECTORS, 10, 0.3)).hasSize(3);
    assertThat(MarginalRelevance.choose(List.of(), VECTORS, 10, 0.3)).isEmpty();
  }

  @Test
  void a_product_that_is_gone_meanwhile_is_left_out() {
    Candidate gone = new Candidate(new ProductHit("gone", "gone", null, 1, 1), 1);

    assertThat(ids(List.of(gone, NEAREST, TWIN), 3, 0.3)).containsExactly("nearest", "twin");
  }

  private static List<String> ids(List<Candidate> candidates, int limit, double diversity) {
    return MarginalRelevance.choose(candidates, VECTORS, limit, diversity).stream()
        .map(ProductHit::id)
        .toList();
  }

  private static Candidate candidate(String id, float x, float y) {
    VECTORS.put(id, new float[] {x, y});
    return new Candidate(new ProductHit(id, id, null, 1, x), x);
  }
}
