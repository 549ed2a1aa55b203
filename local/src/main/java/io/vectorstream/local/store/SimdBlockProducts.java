package io.vectorstream.local.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Products in the JDK's Vector API: as fast as the vectors come from memory. */
final class SimdBlockProducts implements BlockProducts {

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int STEP = LANES.length();
  private static final int WIDTH = Similarity.WIDTH;

  /**
   * Eight sums at a time, in registers, none of which has to wait for the one before it.
   *
   * <p>All in one method, and that a long one: above 325 bytes ({@code -XX:FreqInlineSize}) HotSpot
   * compiles it alone, always in the same way. As a part of a caller it was compiled again some
   * minutes after the start, then with an object for each step, which took a hundred times as long.
   */
  @Override
  public void of(float[] query, float[] block, float[] products, int at) {
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
      int c = 0;
      for (; c + 1 < query.length; c += 2) {
        FloatVector even = FloatVector.broadcast(LANES, query[c]);
        even0 = FloatVector.fromArray(LANES, block, from).fma(even, even0);
        even1 = FloatVector.fromArray(LANES, block, from + STEP).fma(even, even1);
        even2 = FloatVector.fromArray(LANES, block, from + 2 * STEP).fma(even, even2);
        even3 = FloatVector.fromArray(LANES, block, from + 3 * STEP).fma(even, even3);
        FloatVector odd = FloatVector.broadcast(LANES, query[c + 1]);
        from += WIDTH;
        odd0 = FloatVector.fromArray(LANES, block, from).fma(odd, odd0);
        odd1 = FloatVector.fromArray(LANES, block, from + STEP).fma(odd, odd1);
        odd2 = FloatVector.fromArray(LANES, block, from + 2 * STEP).fma(odd, odd2);
        odd3 = FloatVector.fromArray(LANES, block, from + 3 * STEP).fma(odd, odd3);
        from += WIDTH;
      }
      if (c < query.length) {
        FloatVector even = FloatVector.broadcast(LANES, query[c]);
        even0 = FloatVector.fromArray(LANES, block, from).fma(even, even0);
        even1 = FloatVector.fromArray(LANES, block, from + STEP).fma(even, even1);
        even2 = FloatVector.fromArray(LANES, block, from + 2 * STEP).fma(even, even2);
        even3 = FloatVector.fromArray(LANES, block, from + 3 * STEP).fma(even, even3);
      }
      even0.add(odd0).intoArray(products, at + v);
      even1.add(odd1).intoArray(products, at + v + STEP);
      even2.add(odd2).intoArray(products, at + v + 2 * STEP);
      even3.add(odd3).intoArray(products, at + v + 3 * STEP);
    }
  }
}
