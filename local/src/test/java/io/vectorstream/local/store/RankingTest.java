package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.local.store.ExactScan.Entry;
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
    float[] scores = new float[size];
    IntStream.range(0, size).forEach(i -> scores[i] = random.nextInt(40) / 40f);
    if (size > 200) {
      scores[17] = Float.NEGATIVE_INFINITY;
      scores[18] = Float.POSITIVE_INFINITY;
    }
    Entry[] entries = new Entry[size + 3];
    float[] bounds = new float[size + 3];
    for (int i = 0; i < size; i++) {
      entries[i] = new Entry(PointKey.of((long) (i * 7919 % 10_007)), new float[] {scores[i]});
      // Some are as high as they can be, some say little, one says nothing.
      bounds[i] = i == 19 ? Float.POSITIVE_INFINITY : scores[i] + random.nextInt(3) * 0.03f;
    }

    Ranking ranking = new Ranking(entries, bounds, size, vector -> vector[0]);

    List<Ranking.Hit> hits = new ArrayList<>();
    for (Ranking.Hit hit = ranking.next(); hit != null; hit = ranking.next()) {
      hits.add(hit);
    }
    assertThat(hits)
        .containsExactlyElementsOf(
            IntStream.range(0, size)
                .mapToObj(i -> new Ranking.Hit(entries[i].point(), scores[i]))
                .sorted(
                    Comparator.comparing(Ranking.Hit::similarity)
                        .reversed()
                        .thenComparing(Ranking.Hit::point))
                .toList());
    assertThat(ranking.next()).isNull();
  }
}
