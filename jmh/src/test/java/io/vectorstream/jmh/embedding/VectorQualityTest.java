package io.vectorstream.jmh.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorQualityTest {

  @Test
  void the_same_vectors_have_the_best_quality() {
    VectorQuality quality = VectorQuality.of(circle(40, 1), circle(40, 1));

    assertThat(quality.meanCosine()).isCloseTo(1, within(1e-6));
    assertThat(quality.overlapAt10()).isEqualTo(1);
  }

  @Test
  void turning_all_vectors_alike_changes_their_cosines_but_no_neighbours() {
    List<float[]> turned = new ArrayList<>();
    for (float[] vector : circle(40, 1)) {
      turned.add(new float[] {-vector[1], vector[0]});
    }

    VectorQuality quality = VectorQuality.of(turned, circle(40, 1));

    assertThat(quality.meanCosine()).isCloseTo(0, within(1e-6));
    assertThat(quality.overlapAt10()).isEqualTo(1);
  }

  @Test
  void vectors_of_other_texts_have_other_neighbours() {
    List<float[]> other = new ArrayList<>(circle(40, 1));
    Collections.rotate(other.subList(0, 20), 10);

    assertThat(VectorQuality.of(other, circle(40, 1)).overlapAt10()).isBetween(0.2, 0.9);
  }

  /** Unit vectors with growing angles between them, so that no two neighbours are equally near. */
  private static List<float[]> circle(int count, double step) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double angle = step * i * (i + 7) / 1000;
      vectors.add(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
    }
    return vectors;
  }
}
