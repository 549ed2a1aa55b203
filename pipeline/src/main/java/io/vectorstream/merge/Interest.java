package io.vectorstream.merge;

import java.util.Map;

/**
 * What a user is interested in: {@code S = sum of w_i 2^(-(t - t_i)/h) v_i} over the user's
 * actions, with the action's weight {@code w}, its time {@code t_i}, the half-life {@code h} and
 * the embedding {@code v} of what it was about. Kept as direction and length, so that a store which
 * normalises vectors loses nothing; the weighted mean has the same direction.
 *
 * @param direction {@code S / |S|}, {@code float[384]}; null if there is no interest, or the parts
 *     cancel out
 * @param length {@code |S|}
 * @param weight the sum of {@code |w_i| 2^(-(t - t_i)/h)}
 * @param atMicros {@code t}, in microseconds since 1970
 */
public record Interest(float[] direction, double length, double weight, long atMicros) {

  public static final Interest NONE = new Interest(null, 0, 0, 0);

  /**
   * Below this share of the weight a sum is what rounding left of parts that cancelled out; it has
   * no direction.
   */
  private static final double CANCELLED = 1e-6;

  /**
   * Adds a batch's share.
   *
   * @param productVectors embedding by product text's hash, one for each text in the delta
   * @param queryVectors embedding by search query, one for each query in the delta
   */
  Interest plus(
      UserDelta delta,
      Map<String, float[]> productVectors,
      Map<String, float[]> queryVectors,
      Decay decay) {
    Sum sum = new Sum(decay, Math.max(atMicros, delta.lastSeenMicros()));
    if (weight > 0) {
      sum.addWeight(weight, atMicros);
      sum.add(length, direction, atMicros);
    }
    sum.add(delta.productWeights(), productVectors);
    sum.add(delta.queryWeights(), queryVectors);
    return sum.interest();
  }

  /** Adds up vectors, each decayed from its own time to a common one. */
  private static final class Sum {
    private final Decay decay;
    private final long atMicros;
    private double[] vector = {};
    private double weight;

    private Sum(Decay decay, long atMicros) {
      this.decay = decay;
      this.atMicros = atMicros;
    }

    private void add(InterestWeights weights, Map<String, float[]> vectors) {
      if (weights.weights().isEmpty()) {
        return;
      }
      addWeight(weights.weight(), weights.atMicros());
      weights.weights().forEach((text, w) -> add(w, vectors.get(text), weights.atMicros()));
    }

    private void addWeight(double added, long timeMicros) {
      weight += added * decay.factor(timeMicros, atMicros);
    }

    private void add(double factor, float[] direction, long timeMicros) {
      if (direction == null) {
        return;
      }
      if (vector.length == 0) {
        vector = new double[direction.length];
      }
      double decayed = factor * decay.factor(timeMicros, atMicros);
      for (int i = 0; i < vector.length; i++) {
        vector[i] += decayed * direction[i];
      }
    }

    private Interest interest() {
      if (weight == 0) {
        return NONE;
      }
      double squares = 0;
      for (double x : vector) {
        squares += x * x;
      }
      double length = Math.sqrt(squares);
      if (length <= CANCELLED * weight) {
        return new Interest(null, 0, weight, atMicros);
      }
      float[] direction = new float[vector.length];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) (vector[i] / length);
      }
      return new Interest(direction, length, weight, atMicros);
    }
  }
}
