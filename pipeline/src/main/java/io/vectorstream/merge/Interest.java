package io.vectorstream.merge;

import java.util.HashMap;
import java.util.Map;

/**
 * The interest of a user: {@code S = sum of w_i 2^(-(t - t_i)/h) v_i} over the user's actions, with
 * the action's weight {@code w}, its time {@code t_i}, the half-life {@code h} and the embedding
 * {@code v} of its subject. It is kept as direction and length, so that a store which normalises
 * vectors loses nothing; the weighted mean has the same direction.
 *
 * @param direction {@code S / |S|}, {@code float[384]}; null if there is no interest, or the parts
 *     cancel out
 * @param length {@code |S|}
 * @param weight the sum of {@code |w_i| 2^(-(t - t_i)/h)}
 * @param atMicros {@code t}, in microseconds since 1970
 * @param pending shares that count in the weight, but not yet in direction and length
 */
public record Interest(
    float[] direction, double length, double weight, long atMicros, PendingShares pending) {

  public static final Interest NONE = new Interest(null, 0, 0, 0, PendingShares.NONE);

  /**
   * The share of the weight below which a sum is only the rounding error of parts that cancelled
   * out, and has no direction.
   */
  private static final double CANCELLED = 1e-6;

  /** Returns the same as of now, if its time is later: its decay until then is not undone. */
  Interest notFromTheFuture(long nowMicros) {
    return FutureTimes.holds(atMicros, nowMicros)
        ? new Interest(direction, length, weight, nowMicros, pending)
        : this;
  }

  /**
   * Adds a batch's share.
   *
   * @param products embeddings by product text's hash
   * @param queries embeddings by search query
   */
  Interest plus(UserDelta delta, TextVectors products, TextVectors queries, Decay decay) {
    Sum sum = new Sum(decay, Math.max(atMicros, delta.lastSeenMicros()), products, queries);
    sum.add(this);
    sum.addWeight(delta.productWeights().weight(), delta.productWeights().atMicros());
    sum.addProducts(delta.productWeights());
    sum.addWeight(delta.queryWeights().weight(), delta.queryWeights().atMicros());
    sum.addQueries(delta.queryWeights());
    return sum.interest();
  }

  /** Returns the same time and weight with no direction, and waiting for nothing. */
  Interest withoutDirection() {
    return new Interest(null, 0, weight, atMicros, PendingShares.NONE);
  }

  Interest withWeight(double other) {
    return new Interest(direction, length, other, atMicros, pending);
  }

  /** Adds the pending shares whose embeddings exist now, and drops those that have failed. */
  Interest resolved(TextVectors products, TextVectors queries, Decay decay) {
    Sum sum = new Sum(decay, atMicros, products, queries);
    sum.add(this);
    return sum.interest();
  }

  /** Returns the same, waiting for no more texts than that; the weight stays as it is. */
  Interest withPendingAtMost(int most) {
    PendingShares bounded = pending.atMost(most);
    return bounded == pending ? this : new Interest(direction, length, weight, atMicros, bounded);
  }

  /** A sum of vectors, each decayed from its own time to a common one. */
  private static final class Sum {
    private final Decay decay;
    private final long atMicros;
    private final TextVectors products;
    private final TextVectors queries;
    private final Map<String, Double> pendingProducts = new HashMap<>();
    private final Map<String, Double> pendingQueries = new HashMap<>();
    private double[] vector = {};
    private double weight;

    private Sum(Decay decay, long atMicros, TextVectors products, TextVectors queries) {
      this.decay = decay;
      this.atMicros = atMicros;
      this.products = products;
      this.queries = queries;
    }

    private void add(Interest interest) {
      addWeight(interest.weight, interest.atMicros);
      add(interest.length, interest.direction, interest.atMicros);
      interest
          .pending
          .products()
          .forEach((text, share) -> addProduct(text, share, interest.atMicros));
      interest
          .pending
          .queries()
          .forEach((query, share) -> addQuery(query, share, interest.atMicros));
    }

    private void addWeight(double added, long timeMicros) {
      if (added > 0) {
        weight += added * decay.factor(timeMicros, atMicros);
      }
    }

    private void addProducts(InterestWeights shares) {
      shares
          .weights()
          .forEach((of, share) -> addProduct(products.countsAs(of), share, shares.atMicros()));
    }

    private void addQueries(InterestWeights shares) {
      shares.weights().forEach((of, share) -> addQuery(of.text(), share, shares.atMicros()));
    }

    private void addProduct(String text, double share, long timeMicros) {
      add(text, share, timeMicros, products, pendingProducts);
    }

    private void addQuery(String query, double share, long timeMicros) {
      add(query, share, timeMicros, queries, pendingQueries);
    }

    private void add(
        String text,
        double share,
        long timeMicros,
        TextVectors known,
        Map<String, Double> pending) {
      if (known.isWaiting(text)) {
        pending.merge(text, share * decay.factor(timeMicros, atMicros), Double::sum);
      } else {
        add(share, known.vectors().get(text), timeMicros);
      }
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
        return new Interest(null, 0, weight, atMicros, pending());
      }
      float[] direction = new float[vector.length];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) (vector[i] / length);
      }
      return new Interest(direction, length, weight, atMicros, pending());
    }

    private PendingShares pending() {
      return new PendingShares(pendingProducts, pendingQueries);
    }
  }
}
