package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.shop.Product;
import org.junit.jupiter.api.Test;

class MadeUpVectorsTest {
  private static final Product BOOT = product("1", "Alp Trail Waterproof Hiking Boot", "Footwear");
  private static final Product OTHER_BOOT =
      product("2", "Alp Summit Light Hiking Boot", "Footwear");
  private static final Product SAME_NAME = product("3", BOOT.name(), "Footwear");
  private static final Product LAMP = product("4", "Lux Paper Floor Lamp", "Home Decor");

  private static Product product(String id, String name, String category) {
    return new Product(id, name, "", category, 1);
  }

  private final MadeUpVectors vectors = new MadeUpVectors(384, 7);

  private double cosine(Product one, Product other) {
    float[] a = vectors.of(one);
    float[] b = vectors.of(other);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void products_with_words_in_common_are_near_each_other_and_others_are_not() {
    assertThat(cosine(BOOT, BOOT)).isEqualTo(1, within(1e-5));
    assertThat(cosine(BOOT, SAME_NAME)).isBetween(0.95, 0.9999);
    assertThat(cosine(BOOT, OTHER_BOOT)).isBetween(0.5, 0.85);
    assertThat(cosine(BOOT, LAMP)).isBetween(-0.2, 0.2);
  }

  @Test
  void the_same_seed_gives_the_same_vectors() {
    assertThat(new MadeUpVectors(384, 7).of(BOOT)).isEqualTo(vectors.of(BOOT));
    assertThat(new MadeUpVectors(384, 8).of(BOOT)).isNotEqualTo(vectors.of(BOOT));
  }
}
