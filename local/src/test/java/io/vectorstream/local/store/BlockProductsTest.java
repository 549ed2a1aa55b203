package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockProductsTest {

  private static final int WIDTH = Similarity.WIDTH;

  static Stream<BlockProducts> all() {
    return Stream.of(new SimdBlockProducts(), new PlainBlockProducts());
  }

  @Test
  void the_tests_run_with_the_flags_of_the_launcher() {
    assertThat(BlockProducts.FASTEST).isInstanceOf(SimdBlockProducts.class);
  }

  @ParameterizedTest
  @MethodSource("all")
  void each_vector_of_a_block_has_its_product_where_it_was_asked_for(BlockProducts products) {
    Random random = new Random(4711);
    for (int coordinates : new int[] {1, 3, 384, 385}) {
      float[] query = gaussian(random, coordinates);
      float[] block = gaussian(random, coordinates * WIDTH);
      float[] into = new float[WIDTH + 2];

      products.of(query, block, into, 1);

      for (int v = 0; v < WIDTH; v++) {
        double expected = 0;
        for (int c = 0; c < coordinates; c++) {
          expected += (double) query[c] * block[c * WIDTH + v];
        }
        assertThat((double) into[1 + v]).isCloseTo(expected, within(1e-4));
      }
      assertThat(into[0]).isZero();
      assertThat(into[WIDTH + 1]).isZero();
    }
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
