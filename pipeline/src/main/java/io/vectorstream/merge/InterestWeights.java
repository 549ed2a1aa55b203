package io.vectorstream.merge;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The weight of each subject in a user's interest: the sum over the user's actions of the action's
 * weight, decayed to one common time.
 *
 * <p>It is bounded, and which subjects are kept does not depend on the order of the events or on
 * how they were spread over tasks. Of a product with too many texts those with the lowest hashes
 * are kept apart, and the others count as one. Of too many products or queries some are chosen by a
 * hash of their ids; of the others only the weight is kept. A subject that has been left out once
 * never comes back, because the limit of the chosen hashes only falls; so each sum that is kept is
 * complete.
 */
final class InterestWeights implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * The factor beyond which weights are rescaled. They grow while later events come in, and have to
   * stay well inside a double.
   */
  private static final double LARGEST_FACTOR = 1 << 20;

  /** The number of subjects below which nothing is left out before the end. */
  private static final int SMALL = 256;

  private static final Comparator<String> RANK =
      Comparator.comparingInt((String id) -> id.hashCode() * 0x9E3779B9)
          .thenComparing(Comparator.naturalOrder());

  private final Map<ActionSubject, Double> weights = new HashMap<>();
  private final Decay decay;
  private final DeltaBounds bounds;
  private double weight;
  private long atMicros;
  private long leftOut;
  private int largest = SMALL;
  private boolean checked = true;

  InterestWeights(Decay decay, DeltaBounds bounds) {
    this.decay = decay;
    this.bounds = bounds;
  }

  void add(ActionSubject subject, double weight, long timeMicros) {
    addDecayed(subject, weight, Math.abs(weight), timeMicros);
  }

  private void addDecayed(ActionSubject subject, double sum, double absolute, long timeMicros) {
    if (weights.isEmpty()) {
      atMicros = timeMicros;
    }
    double factor = decay.factor(timeMicros, atMicros);
    if (factor > LARGEST_FACTOR) {
      moveTo(timeMicros);
      factor = 1;
    }
    weights.merge(subject, sum * factor, Double::sum);
    weight += absolute * factor;
    checked = false;
    if (weights.size() > largest) {
      keepWithinBounds();
      largest = Math.max(SMALL, 2 * weights.size());
    }
  }

  void add(InterestWeights other) {
    // Only the sum of absolute weights is known; it goes with the first subject.
    double absolute = other.weight;
    for (Map.Entry<ActionSubject, Double> entry : other.weights.entrySet()) {
      addDecayed(entry.getKey(), entry.getValue(), absolute, other.atMicros);
      absolute = 0;
    }
    leftOut += other.leftOut;
  }

  private void moveTo(long timeMicros) {
    double factor = decay.factor(atMicros, timeMicros);
    weights.replaceAll((subject, sum) -> sum * factor);
    weight *= factor;
    atMicros = timeMicros;
  }

  private void keepWithinBounds() {
    if (checked || weights.size() <= Math.min(bounds.textsPerProduct(), bounds.subjects())) {
      return;
    }
    checked = true;
    Map<String, List<ActionSubject>> byId =
        weights.keySet().stream().collect(Collectors.groupingBy(ActionSubject::id));
    byId.values().forEach(this::keepLowestTexts);
    if (byId.size() > bounds.subjects()) {
      Set<String> kept =
          byId.keySet().stream().sorted(RANK).limit(bounds.subjects()).collect(Collectors.toSet());
      weights.keySet().removeIf(subject -> !kept.contains(subject.id()));
      leftOut += byId.size() - kept.size();
    }
  }

  private void keepLowestTexts(List<ActionSubject> ofOneProduct) {
    if (ofOneProduct.size() <= bounds.textsPerProduct()) {
      return;
    }
    ofOneProduct.stream()
        .filter(subject -> !subject.text().equals(ActionSubject.FURTHER))
        .sorted(Comparator.comparing(ActionSubject::text))
        .skip(bounds.textsPerProduct())
        .forEach(
            subject ->
                weights.merge(
                    ActionSubject.product(subject.id(), ActionSubject.FURTHER),
                    weights.remove(subject),
                    Double::sum));
  }

  /** Returns the weights as of {@link #atMicros()}. */
  Map<ActionSubject, Double> weights() {
    keepWithinBounds();
    return weights;
  }

  /** Returns the products or queries that have a weight. */
  Set<String> ids() {
    return weights().keySet().stream()
        .map(ActionSubject::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Returns the sum of all actions' weights without their signs, as of {@link #atMicros()}. */
  double weight() {
    return weight;
  }

  /** Returns the time that the weights are decayed to, in microseconds since 1970; 0 if none. */
  long atMicros() {
    return atMicros;
  }

  /** Returns how often a product or a query was left out, of which only the weight is kept. */
  long leftOut() {
    keepWithinBounds();
    return leftOut;
  }
}
