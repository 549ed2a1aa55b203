package io.vectorstream.merge;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * How much each text counts in a user's interest: the sum over the user's actions of the action's
 * weight, decayed to one common time. Texts are keyed by what stands for them: a product text's
 * hash, or a search query itself.
 */
final class InterestWeights implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * Weights grow while later events come in; beyond this they are rescaled, so that they stay well
   * inside a double.
   */
  private static final double LARGEST_FACTOR = 1 << 20;

  private final Map<String, Double> weights = new HashMap<>();
  private final Decay decay;
  private double weight;
  private long atMicros;

  InterestWeights(Decay decay) {
    this.decay = decay;
  }

  void add(String text, double weight, long timeMicros) {
    addDecayed(text, weight, Math.abs(weight), timeMicros);
  }

  private void addDecayed(String text, double sum, double absolute, long timeMicros) {
    if (weights.isEmpty()) {
      atMicros = timeMicros;
    }
    double factor = decay.factor(timeMicros, atMicros);
    if (factor > LARGEST_FACTOR) {
      moveTo(timeMicros);
      factor = 1;
    }
    weights.merge(text, sum * factor, Double::sum);
    weight += absolute * factor;
  }

  void add(InterestWeights other) {
    // The absolute weights are known in sum only; they go with whichever text comes first.
    double absolute = other.weight;
    for (Map.Entry<String, Double> entry : other.weights.entrySet()) {
      addDecayed(entry.getKey(), entry.getValue(), absolute, other.atMicros);
      absolute = 0;
    }
  }

  private void moveTo(long timeMicros) {
    double factor = decay.factor(atMicros, timeMicros);
    weights.replaceAll((text, sum) -> sum * factor);
    weight *= factor;
    atMicros = timeMicros;
  }

  /** The weights as of {@link #atMicros()}. */
  Map<String, Double> weights() {
    return weights;
  }

  /** The sum of all actions' weights without their signs, as of {@link #atMicros()}. */
  double weight() {
    return weight;
  }

  /** The time that the weights are decayed to, in microseconds since 1970; 0 if there are none. */
  long atMicros() {
    return atMicros;
  }
}
