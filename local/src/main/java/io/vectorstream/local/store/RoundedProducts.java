package io.vectorstream.local.store;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Products of {@link RoundedVectors}, in the JDK's Vector API. */
final class RoundedProducts {

  private static final VectorSpecies<Integer> PAIRS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int STEP = LANES.length();
  private static final int WIDTH = RoundedVectors.WIDTH;
  private static final int UPPER_HALF = 0xffff0000;

  private RoundedProducts() {}

  /**
   * Adds up eight sums at a time, in registers, none of which has to wait for the one before it.
   *
   * <p>All in one method, and that a long one: above 325 bytes ({@code -XX:FreqInlineSize}) HotSpot
   * compiles it alone, always in the same way. As a part of a caller such a loop was compiled again
   * some minutes after the start, then with an object for each step, which took a hundred times as
   * long.
   *
   * @param query as many coordinates as the block has, an even number
   * @param block pairs of coordinates: pair {@code p} of vector {@code v} is at {@code p * WIDTH +
   *     v}
   * @param products takes the results, {@link RoundedVectors#WIDTH} of them
   * @param at the place of the first one in {@code products}
   */
  static void of(float[] query, int[] block, float[] products, int at) {
    for (int v = 0; v < WIDTH; v += 4 * STEP) {
      FloatVector even0 = FloatVector.zero(LANES);
      FloatVector even1 = even0;
      FloatVector even2 = even0;
      FloatVector even3 = even0;
      FloatVector odd0 = even0;
      FloatVector odd1 = even0;
      FloatVector odd2 = even0;
      FloatVector odd3 = even0;
      int from = v;
      for (int c = 0; c < query.length; c += 2) {
        FloatVector even = FloatVector.broadcast(LANES, query[c]);
        FloatVector odd = FloatVector.broadcast(LANES, query[c + 1]);
        IntVector pair0 = IntVector.fromArray(PAIRS, block, from);
        IntVector pair1 = IntVector.fromArray(PAIRS, block, from + STEP);
        IntVector pair2 = IntVector.fromArray(PAIRS, block, from + 2 * STEP);
        IntVector pair3 = IntVector.fromArray(PAIRS, block, from + 3 * STEP);
        even0 = pair0.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, even0);
        even1 = pair1.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, even1);
        even2 = pair2.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, even2);
        even3 = pair3.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, even3);
        odd0 = pair0.and(UPPER_HALF).reinterpretAsFloats().fma(odd, odd0);
        odd1 = pair1.and(UPPER_HALF).reinterpretAsFloats().fma(odd, odd1);
        odd2 = pair2.and(UPPER_HALF).reinterpretAsFloats().fma(odd, odd2);
        odd3 = pair3.and(UPPER_HALF).reinterpretAsFloats().fma(odd, odd3);
        from += WIDTH;
      }
      even0.add(odd0).intoArray(products, at + v);
      even1.add(odd1).intoArray(products, at + v + STEP);
      even2.add(odd2).intoArray(products, at + v + 2 * STEP);
      even3.add(odd3).intoArray(products, at + v + 3 * STEP);
    }
  }
}
