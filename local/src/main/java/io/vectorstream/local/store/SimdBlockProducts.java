package io.vectorstream.local.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Products in the JDK's Vector API: as fast as the vectors come from memory. */
final class SimdBlockProducts implements BlockProducts {

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int STEP = LANES.length();

  // Four sums at a time, in registers: none has to wait for the one before it.
  @Override
  public void of(float[] query, float[] block, float[] products, int at) {
    for (int v = 0; v < Similarity.WIDTH; v += 4 * STEP) {
      FloatVector sum0 = FloatVector.zero(LANES);
      FloatVector sum1 = sum0;
      FloatVector sum2 = sum0;
      FloatVector sum3 = sum0;
      for (int c = 0; c < query.length; c++) {
        FloatVector factor = FloatVector.broadcast(LANES, query[c]);
        int from = c * Similarity.WIDTH + v;
        sum0 = FloatVector.fromArray(LANES, block, from).fma(factor, sum0);
        sum1 = FloatVector.fromArray(LANES, block, from + STEP).fma(factor, sum1);
        sum2 = FloatVector.fromArray(LANES, block, from + 2 * STEP).fma(factor, sum2);
        sum3 = FloatVector.fromArray(LANES, block, from + 3 * STEP).fma(factor, sum3);
      }
      sum0.intoArray(products, at + v);
      sum1.intoArray(products, at + v + STEP);
      sum2.intoArray(products, at + v + 2 * STEP);
      sum3.intoArray(products, at + v + 3 * STEP);
    }
  }
}
