package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.qdrant.client.grpc.Collections.Distance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors of more than one block, with a number of coordinates that no machine word divides. */
class ExactScanTest {
  private static final int COORDINATES = 13;
  private static final int POINTS = 3 * RoundedVectors.WIDTH - 7;

  private final Random random = new Random(4711);
  private final Map<PointKey, float[]> vectors = new HashMap<>();

  private ExactScan filled(VectorSpec spec) {
    ExactScan scan = new ExactScan(spec);
    for (long id = 0; id < POINTS; id++) {
      set(scan, PointKey.of(id), vector());
    }
    // Some are changed, and some taken out, which moves others into their places.
    for (long id = 0; id < POINTS; id += 3) {
      set(scan, PointKey.of(id), id % 2 == 0 ? vector() : null);
    }
    return scan;
  }

  private void set(ExactScan scan, PointKey point, float[] values) {
    scan.put(point, values);
    if (values == null) {
      vectors.remove(point);
    } else {
      vectors.put(point, values);
    }
  }

  private float[] vector() {
    float[] vector = new float[COORDINATES];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static VectorSpec spec(Distance distance) {
    return new VectorSpec(COORDINATES, distance);
  }

  @ParameterizedTest
  @EnumSource(
      value = Distance.class,
      names = {"Dot", "Euclid"})
  void every_point_is_compared_and_the_best_comes_first(Distance distance) {
    ExactScan scan = filled(spec(distance));
    float[] query = vector();

    List<Ranking.Hit> hits = all(scan.rank(Similarity.to(spec(distance), query)));

    assertThat(hits.stream().map(Ranking.Hit::point).collect(Collectors.toSet()))
        .isEqualTo(vectors.keySet());
    float last = Float.POSITIVE_INFINITY;
    for (Ranking.Hit hit : hits) {
      assertThat(hit.similarity())
          .isCloseTo((float) expected(distance, query, vectors.get(hit.point())), within(1e-4f))
          .isLessThanOrEqualTo(last);
      last = hit.similarity();
    }
  }

  @Test
  void some_points_are_compared_as_all_are() {
    ExactScan scan = filled(spec(Distance.Dot));
    Similarity similarity = Similarity.to(spec(Distance.Dot), vector());
    Set<PointKey> some =
        vectors.keySet().stream()
            .filter(point -> random.nextInt(10) == 0)
            .collect(Collectors.toSet());
    some.add(PointKey.of(999_999L));

    List<Ranking.Hit> hits = all(scan.rank(similarity, some));

    some.remove(PointKey.of(999_999L));
    assertThat(hits)
        .containsExactlyElementsOf(
            all(scan.rank(similarity)).stream().filter(hit -> some.contains(hit.point())).toList());
  }

  @Test
  void searches_at_the_same_time_get_each_their_own_answer() throws Exception {
    ExactScan scan = filled(spec(Distance.Dot));
    List<float[]> queries = new ArrayList<>();
    List<Callable<Ranking.Hit>> searches = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      float[] query = vector();
      queries.add(query);
      searches.add(() -> scan.rank(Similarity.to(spec(Distance.Dot), query)).next());
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Ranking.Hit>> hits = threads.invokeAll(searches);

      for (int i = 0; i < queries.size(); i++) {
        float[] query = queries.get(i);
        double best =
            vectors.values().stream()
                .mapToDouble(vector -> expected(Distance.Dot, query, vector))
                .max()
                .orElseThrow();
        assertThat((double) hits.get(i).get().similarity()).isCloseTo(best, within(1e-4));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_ranking_stays_as_it_was_while_vectors_change() {
    ExactScan scan = filled(spec(Distance.Dot));
    Similarity similarity = Similarity.to(spec(Distance.Dot), vector());
    List<Ranking.Hit> before = all(scan.rank(similarity));

    Ranking ranking = scan.rank(similarity);
    for (PointKey point : List.copyOf(vectors.keySet())) {
      set(scan, point, random.nextBoolean() ? vector() : null);
    }
    for (long id = POINTS; id < 2 * POINTS; id++) {
      set(scan, PointKey.of(id), vector());
    }

    assertThat(all(ranking)).isEqualTo(before);
    assertThat(all(scan.rank(similarity)).stream().map(Ranking.Hit::point))
        .containsExactlyInAnyOrderElementsOf(vectors.keySet());
  }

  @Test
  void a_search_that_fails_leaves_the_next_one_alone() {
    ExactScan scan = filled(spec(Distance.Dot));
    Similarity broken =
        vector -> {
          throw new IllegalStateException("broken");
        };

    assertThatThrownBy(() -> scan.rank(broken)).hasMessageContaining("broken");

    assertThat(all(scan.rank(Similarity.to(spec(Distance.Dot), vector())))).hasSize(vectors.size());
  }

  private static List<Ranking.Hit> all(Ranking ranking) {
    List<Ranking.Hit> hits = new ArrayList<>();
    for (Ranking.Hit hit = ranking.next(); hit != null; hit = ranking.next()) {
      hits.add(hit);
    }
    return hits;
  }

  private static double expected(Distance distance, float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = (double) one[i] - other[i];
      sum +=
          switch (distance) {
            case Euclid -> -difference * difference;
            default -> (double) one[i] * other[i];
          };
    }
    return sum;
  }
}
