package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 129, 5_000})
  void all_points_come_the_best_first_and_of_like_ones_the_first(int size) {
    Random random = new Random(size);
    // Few different scores, so that many are alike, also at the ends of what is sorted together.
    float[] scores = new float[size + 3];
    IntStream.range(0, scores.length).forEach(i -> scores[i] = random.nextInt(40) / 40f);
    PointKey[] points = new PointKey[size + 3];
    IntStream.range(0, size).forEach(i -> points[i] = PointKey.of((long) (i * 7919 % 10_007)));
    if (size > 200) {
      scores[17] = Float.NEGATIVE_INFINITY;
      scores[18] = Float.POSITIVE_INFINITY;
    }

    Ranking ranking = new Ranking(points, scores, size);

    List<Ranking.Hit> hits = new ArrayList<>();
    for (Ranking.Hit hit = ranking.next(); hit != null; hit = ranking.next()) {
      hits.add(hit);
    }
    assertThat(hits)
        .containsExactlyElementsOf(
            IntStream.range(0, size)
                .mapToObj(i -> new Ranking.Hit(points[i], scores[i]))
                .sorted(
                    Comparator.comparing(Ranking.Hit::similarity)
                        .reversed()
                        .thenComparing(Ranking.Hit::point))
                .toList());
    assertThat(ranking.next()).isNull();
  }
}
