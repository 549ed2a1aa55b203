package io.vectorstream.jmh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Vectors of the bundled model's size and length: {@code float[384]}, L2-normalised. */
public final class RandomVectors {

  public static final int DIMENSION = 384;

  private RandomVectors() {}

  /** Returns vectors, the same for the same seed, in all directions alike. */
  public static List<float[]> of(int count, long seed) {
    Random random = new Random(seed);
    List<float[]> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] vector = new float[DIMENSION];
      double squares = 0;
      for (int k = 0; k < DIMENSION; k++) {
        vector[k] = (float) random.nextGaussian();
        squares += (double) vector[k] * vector[k];
      }
      float factor = (float) (1 / Math.sqrt(squares));
      for (int k = 0; k < DIMENSION; k++) {
        vector[k] *= factor;
      }
      vectors.add(vector);
    }
    return vectors;
  }
}
