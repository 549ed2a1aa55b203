package io.vectorstream.local.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Vectors in bfloat16, for a first comparison with all of them. They take half the memory, and
 * reading memory takes most of a search. They exclude only vectors that cannot be near.
 *
 * <p>With a vector {@code v} goes the length of what its rounding took away, {@code |v - v'|}. So a
 * dot product {@code q v} is {@code q v' + |q| |v - v'|} at most (Cauchy–Schwarz).
 *
 * <p>Vectors lie side by side, {@link #WIDTH} in a block, two coordinates of one vector in an int,
 * the earlier one in its lower half. It needs the JDK's Vector API; see {@link #AVAILABLE}.
 */
final class RoundedVectors {

  /**
   * The vectors in a block: as many as a core has registers for their sums. So a block is read
   * once, from its beginning to its end, which is fast.
   */
  static final int WIDTH = 64;

  /**
   * True if the JVM was started with {@code --add-modules jdk.incubator.vector}, as {@code
   * ./vectorstream} does. Without wide instructions, rounded vectors would gain nothing.
   */
  static final boolean AVAILABLE =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  private final int coordinates;
  private final List<int[]> blocks = new ArrayList<>();

  /** The largest error of a product with a vector of length 1, by block and vector. */
  private final List<float[]> errors = new ArrayList<>();

  RoundedVectors(int coordinates) {
    this.coordinates = coordinates;
  }

  /** The vector that a search compares with. */
  final class Query {
    private final float[] values;
    private final float length;

    private Query(float[] vector) {
      values = Arrays.copyOf(vector, pairs() * 2);
      double squares = 0;
      for (float value : vector) {
        squares += (double) value * value;
      }
      length = (float) Math.sqrt(squares);
    }

    /**
     * Computes upper bounds of the dot products with a block's vectors.
     *
     * @param bounds takes the results, {@link #WIDTH} of them
     * @param at the place of the first one in {@code bounds}
     */
    void bounds(int block, float[] bounds, int at) {
      RoundedProducts.of(values, blocks.get(block), bounds, at);
      float[] errorsOfBlock = errors.get(block);
      for (int i = 0; i < WIDTH; i++) {
        float bound = bounds[at + i] + length * errorsOfBlock[i] + Float.MIN_NORMAL;
        // A bound outside the range of floats says nothing: such a vector has to be looked at.
        bounds[at + i] = Float.isFinite(bound) ? bound : Float.POSITIVE_INFINITY;
      }
    }
  }

  Query query(float[] vector) {
    return new Query(vector);
  }

  /** Sets the vector of a slot: one that there is, or the next one. */
  void set(int slot, float[] vector) {
    if (slot / WIDTH == blocks.size()) {
      blocks.add(new int[pairs() * WIDTH]);
      errors.add(new float[WIDTH]);
    }
    int[] block = blocks.get(slot / WIDTH);
    int v = slot % WIDTH;
    double squares = 0;
    double squaresLost = 0;
    for (int pair = 0; pair < pairs(); pair++) {
      float even = vector[2 * pair];
      float odd = 2 * pair + 1 < coordinates ? vector[2 * pair + 1] : 0;
      int low = rounded(even);
      int high = rounded(odd);
      block[pair * WIDTH + v] = high << 16 | low;
      squares += (double) even * even + (double) odd * odd;
      squaresLost += squareLost(even, low) + squareLost(odd, high);
    }
    // Sums of floats are off, too: each of the two that are compared by 2^-24 a term at most.
    double summing = (coordinates + 8) * 0x1p-22 * Math.sqrt(squares);
    errors.get(slot / WIDTH)[v] = (float) (Math.sqrt(squaresLost) + summing);
  }

  private int pairs() {
    return (coordinates + 1) / 2;
  }

  /**
   * Returns the upper half of a float, rounded to the nearest; half way between two, to the even
   * one.
   */
  private static int rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
  }

  private static double squareLost(float value, int rounded) {
    double lost = (double) value - Float.intBitsToFloat(rounded << 16);
    return lost * lost;
  }
}
