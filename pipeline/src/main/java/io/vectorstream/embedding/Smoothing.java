package io.vectorstream.embedding;

import io.vectorstream.embedding.BertWeights.Norm;
import java.util.Arrays;

/**
 * The divisors of the channels of an intermediate result, and factors of the rows of the weights
 * that it is multiplied with. The product stays the same, and large channels do not make others
 * coarse in eight bits.
 */
final class Smoothing {

  /**
   * The share of a channel's size that goes from the intermediate result to the weights, as a
   * power.
   */
  private static final double TO_WEIGHTS = 0.65;

  /** The share of channels that stay as they are; larger ones are scaled to the largest of them. */
  private static final double USUAL_CHANNELS = 0.97;

  /** The standard deviations within which a normalised channel is expected. */
  private static final float SPREAD = 3;

  private Smoothing() {}

  /**
   * Returns size<sup>a</sup> / weight<sup>1-a</sup> for each channel, where both are the largest
   * numbers: <a href="https://arxiv.org/abs/2211.10438">SmoothQuant</a> (Xiao et al.), equation 4.
   *
   * @param sizes of the channels, as they were measured
   */
  static float[] measured(float[] sizes, Matrix weights) {
    float[] factors = new float[sizes.length];
    float[] largest = weights.largestOfRows();
    for (int i = 0; i < factors.length; i++) {
      double factor = Math.pow(sizes[i], TO_WEIGHTS) / Math.pow(largest[i], 1 - TO_WEIGHTS);
      factors[i] = sizes[i] > 0 && largest[i] > 0 ? (float) factor : 1;
    }
    return factors;
  }

  /** Returns them without a measurement: a normalisation's own weights bound what it gives. */
  static float[] ofNorm(Norm norm) {
    float[] weights = norm.weight().values();
    float[] shifts = norm.bias().values();
    float[] sizes = new float[weights.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(shifts[i]) + SPREAD * Math.abs(weights[i]);
    }
    float[] sorted = sizes.clone();
    Arrays.sort(sorted);
    float usual = sorted[(int) (USUAL_CHANNELS * (sorted.length - 1))];
    float[] factors = new float[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      factors[i] = Math.max(1, sizes[i] / usual);
    }
    return factors;
  }
}
