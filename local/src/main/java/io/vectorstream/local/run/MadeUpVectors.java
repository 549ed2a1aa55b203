package io.vectorstream.local.run;

import io.vectorstream.shop.Product;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Vectors that are made up in place of a model's, for catalogues too large to embed. Each word has
 * a random direction. A product's vector is the sum of those of its name's words and of its
 * category, and of a little that is its own: so products with words in common are near each other,
 * as those of a model are, and not everywhere as random ones. The same seed gives the same vectors.
 */
final class MadeUpVectors {
  /** The part that is a product's own, where a word has 1. */
  private static final double OWN = 0.3;

  private final int dimension;
  private final long seed;
  private final Map<String, float[]> words = new HashMap<>();

  MadeUpVectors(int dimension, long seed) {
    this.dimension = dimension;
    this.seed = seed;
  }

  /** Returns {@code float[dimension]}, L2-normalised. */
  float[] of(Product product) {
    float[] sum = new float[dimension];
    add(word(product.category()), sum, 1);
    for (String word : product.name().split(" ")) {
      add(word(word), sum, 1);
    }
    add(direction(product.id()), sum, OWN);
    return normalised(sum);
  }

  private float[] word(String word) {
    return words.computeIfAbsent(word, this::direction);
  }

  private float[] direction(String name) {
    SplittableRandom random = new SplittableRandom(seed ^ (long) name.hashCode() << 32);
    float[] direction = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      direction[i] = (float) random.nextGaussian();
    }
    return normalised(direction);
  }

  private static void add(float[] more, float[] sum, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (float) (weight * more[i]);
    }
  }

  private static float[] normalised(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += value * value;
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }
}
