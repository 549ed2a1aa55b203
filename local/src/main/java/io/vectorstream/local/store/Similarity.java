package io.vectorstream.local.store;

import java.util.List;

/** How like stored vectors are to what is asked for; more is better. */
interface Similarity {

  float of(float[] vector);

  /** Likeness to one vector: the dot product, or a distance with its sign turned. */
  static Similarity to(VectorSpec spec, float[] query) {
    return switch (spec.distance()) {
      case Euclid -> vector -> -squares(query, vector);
      case Manhattan -> vector -> -differences(query, vector);
      default -> new DotProduct(query);
    };
  }

  /** The nearest of the liked vectors decides, unless a disliked one is nearer still. */
  static Similarity bestOf(List<Similarity> liked, List<Similarity> disliked) {
    return vector -> {
      float best = most(liked, vector);
      float worst = most(disliked, vector);
      return best > worst ? squashed(best) : -squashed(worst);
    };
  }

  static Similarity sumOf(List<Similarity> liked, List<Similarity> disliked) {
    return vector -> {
      float sum = 0;
      for (Similarity similarity : liked) {
        sum += similarity.of(vector);
      }
      for (Similarity similarity : disliked) {
        sum -= similarity.of(vector);
      }
      return sum;
    };
  }

  /**
   * The dot product with one vector. {@link RoundedVectors} can tell which vectors may be near to
   * it.
   */
  record DotProduct(float[] query) implements Similarity {

    /** Sums that do not wait for each other: a processor has room for several at a time. */
    @Override
    public float of(float[] vector) {
      float sum0 = 0;
      float sum1 = 0;
      float sum2 = 0;
      float sum3 = 0;
      int c = 0;
      for (int whole = vector.length & ~3; c < whole; c += 4) {
        sum0 += query[c] * vector[c];
        sum1 += query[c + 1] * vector[c + 1];
        sum2 += query[c + 2] * vector[c + 2];
        sum3 += query[c + 3] * vector[c + 3];
      }
      for (; c < vector.length; c++) {
        sum0 += query[c] * vector[c];
      }
      return (sum0 + sum1) + (sum2 + sum3);
    }
  }

  private static float most(List<Similarity> all, float[] vector) {
    float most = Float.NEGATIVE_INFINITY;
    for (Similarity similarity : all) {
      most = Math.max(most, similarity.of(vector));
    }
    return most;
  }

  /** Qdrant's fast sigmoid, scaled to 0…1. */
  private static float squashed(float value) {
    float sigmoid = value == Float.NEGATIVE_INFINITY ? -1 : value / (1 + Math.abs(value));
    return 0.5f * (sigmoid + 1);
  }

  private static float squares(float[] query, float[] vector) {
    float sum = 0;
    for (int c = 0; c < query.length; c++) {
      float difference = query[c] - vector[c];
      sum += difference * difference;
    }
    return sum;
  }

  private static float differences(float[] query, float[] vector) {
    float sum = 0;
    for (int c = 0; c < query.length; c++) {
      sum += Math.abs(query[c] - vector[c]);
    }
    return sum;
  }
}
