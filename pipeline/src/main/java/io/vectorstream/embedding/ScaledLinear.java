package io.vectorstream.embedding;

import java.util.Optional;

/**
 * A product with weights as a graph computes it: {@code (x / divisors) · matrix + bias}.
 *
 * @param divisors of the channels of x; empty where they stay as they are
 * @param small the matrix in eight bits; empty in fp32
 */
record ScaledLinear(
    Matrix matrix, Optional<Matrix.Int8> small, float[] bias, Optional<float[]> divisors) {

  /**
   * Scales weights.
   *
   * @param mean the mean x; what eight bits lose of its product, the bias gives back
   */
  static ScaledLinear of(
      Matrix matrix,
      float[] bias,
      Optional<float[]> divisors,
      Optional<float[]> mean,
      boolean int8) {
    Matrix scaled = divisors.map(matrix::timesRows).orElse(matrix);
    if (!int8) {
      return new ScaledLinear(scaled, Optional.empty(), bias, divisors);
    }
    Matrix.Int8 small = scaled.int8();
    float[] corrected = bias.clone();
    if (mean.isPresent()) {
      float[] row = divided(mean.get(), divisors);
      float[] lost = scaled.lostProduct(row, small);
      for (int i = 0; i < corrected.length; i++) {
        corrected[i] += lost[i];
      }
    }
    return new ScaledLinear(scaled, Optional.of(small), corrected, divisors);
  }

  /** Returns the factors of the channels of x. */
  Optional<float[]> factors() {
    return divisors.map(
        by -> {
          float[] factors = new float[by.length];
          for (int i = 0; i < factors.length; i++) {
            factors[i] = 1 / by[i];
          }
          return factors;
        });
  }

  private static float[] divided(float[] row, Optional<float[]> divisors) {
    float[] divided = row.clone();
    if (divisors.isPresent()) {
      for (int i = 0; i < divided.length; i++) {
        divided[i] /= divisors.get()[i];
      }
    }
    return divided;
  }
}
