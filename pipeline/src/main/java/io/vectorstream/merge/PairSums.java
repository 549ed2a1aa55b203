package io.vectorstream.merge;

import java.io.Serializable;

/**
 * How often two products were a pair, by engagement, as sums that decay by time. The sums do not
 * depend on the order of what is added, but for rounding.
 */
public final class PairSums implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int KINDS = Engagement.values().length;

  private final double[] sums;
  private long atMicros;

  /** Makes sums of nothing. */
  public PairSums() {
    this(new double[KINDS], Long.MIN_VALUE);
  }

  /**
   * @param sums one for each {@link Engagement}, decayed until {@code atMicros}
   */
  public PairSums(double[] sums, long atMicros) {
    this.sums = sums.clone();
    this.atMicros = atMicros;
  }

  void add(Engagement engagement, long atMicros, Decay decay) {
    decayUntil(atMicros, decay);
    sums[engagement.ordinal()] += decay.factor(atMicros, this.atMicros);
  }

  void add(PairSums other, Decay decay) {
    if (other.isEmpty()) {
      return;
    }
    decayUntil(other.atMicros, decay);
    double factor = decay.factor(other.atMicros, atMicros);
    for (int i = 0; i < KINDS; i++) {
      sums[i] += factor * other.sums[i];
    }
  }

  /** Brings the sums to a later time; an earlier one changes nothing. */
  void decayUntil(long micros, Decay decay) {
    if (micros <= atMicros) {
      return;
    }
    if (!isEmpty()) {
      double factor = decay.factor(atMicros, micros);
      for (int i = 0; i < KINDS; i++) {
        sums[i] *= factor;
      }
    }
    atMicros = micros;
  }

  /** Returns the sums of both, each as it is; for sums that are decayed until about now. */
  public PairSums withSumsOf(PairSums other) {
    PairSums sum = new PairSums(sums, Math.max(atMicros, other.atMicros));
    for (int i = 0; i < KINDS; i++) {
      sum.sums[i] += other.sums[i];
    }
    return sum;
  }

  PairSums copy() {
    return new PairSums(sums, atMicros);
  }

  boolean isEmpty() {
    return atMicros == Long.MIN_VALUE;
  }

  /** Returns one sum for each {@link Engagement}. */
  public double[] sums() {
    return sums.clone();
  }

  public double of(Engagement engagement) {
    return sums[engagement.ordinal()];
  }

  /**
   * Returns all sums in one number. Who has bought two products has seen both, so a pair that was
   * bought counts three times as much as one that was seen.
   */
  public double total() {
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return total;
  }

  /** Returns until when the sums are decayed, in microseconds since 1970. */
  public long atMicros() {
    return atMicros;
  }
}
