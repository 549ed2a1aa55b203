package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundedVectorsTest {

  private static final int WIDTH = RoundedVectors.WIDTH;

  private final Random random = new Random(4711);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 13, 384, 4_096})
  void no_product_is_above_its_bound_and_none_far_below(int coordinates) {
    RoundedVectors rounded = new RoundedVectors(coordinates);
    float[][] vectors = new float[WIDTH + 5][];
    for (int slot = 0; slot < vectors.length; slot++) {
      vectors[slot] = vector(coordinates);
      rounded.set(slot, vectors[slot]);
    }
    for (float[] query : new float[][] {vector(coordinates), vectors[7], new float[coordinates]}) {
      float[] bounds = bounds(rounded, query, vectors.length);
      for (int slot = 0; slot < vectors.length; slot++) {
        double exact = product(query, vectors[slot]);
        double lengths =
            Math.sqrt(product(query, query)) * Math.sqrt(product(vectors[slot], vectors[slot]));
        double computed = new Similarity.DotProduct(query).of(vectors[slot]);
        assertThat((double) bounds[slot])
            .isGreaterThanOrEqualTo(exact)
            .isGreaterThanOrEqualTo(computed)
            .isLessThanOrEqualTo(exact + lengths * (0.012 + coordinates * 1e-6) + 1e-37);
      }
    }
  }

  @Test
  void what_sixteen_bits_can_hold_is_exact() {
    RoundedVectors rounded = new RoundedVectors(3);
    rounded.set(0, new float[] {1, -0.5f, 96});
    rounded.set(1, new float[] {0, 0, 0});

    float[] bounds = bounds(rounded, new float[] {2, 4, -0.25f}, 2);

    assertThat(bounds[0]).isBetween(-24f, -23.99f);
    assertThat(bounds[1]).isBetween(0f, 1e-30f);
  }

  @Test
  void what_floats_cannot_hold_has_to_be_looked_at() {
    RoundedVectors rounded = new RoundedVectors(2);
    rounded.set(0, new float[] {Float.MAX_VALUE, 1});
    rounded.set(1, new float[] {Float.NaN, 1});
    rounded.set(2, new float[] {Float.intBitsToFloat(0x7fffffff), 1});
    rounded.set(3, new float[] {-3e38f, -3e38f});
    rounded.set(4, new float[] {0, 1});

    assertThat(bounds(rounded, new float[] {-1, 2}, 5))
        .startsWith(
            Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY)
        .satisfies(bounds -> assertThat(bounds[4]).isBetween(2f, 2.001f));
  }

  @Test
  void the_tests_run_with_the_flags_of_the_launcher() {
    assertThat(RoundedVectors.AVAILABLE).isTrue();
  }

  /** Returns the bounds of the first {@code count} vectors. */
  private static float[] bounds(RoundedVectors rounded, float[] query, int count) {
    float[] bounds = new float[(count + WIDTH - 1) / WIDTH * WIDTH];
    RoundedVectors.Query asked = rounded.query(query);
    for (int block = 0; block * WIDTH < count; block++) {
      asked.bounds(block, bounds, block * WIDTH);
    }
    return bounds;
  }

  private float[] vector(int coordinates) {
    float[] vector = new float[coordinates];
    float scale = (float) Math.exp(3 * random.nextGaussian());
    for (int i = 0; i < coordinates; i++) {
      vector[i] = scale * (float) random.nextGaussian();
    }
    return vector;
  }

  private static double product(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
