package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.Distance;

/** A measure of how near a stored vector is to the one that a search asks for; more is nearer. */
interface Similarity {

  float of(float[] vector);

  /** Returns the dot product with a vector, or the square of the distance with its sign turned. */
  static Similarity to(VectorSpec spec, float[] query) {
    return spec.distance() == Distance.Euclid
        ? vector -> -squares(query, vector)
        : new DotProduct(query);
  }

  /**
   * The dot product with one vector. {@link RoundedVectors} can tell which vectors may be near to
   * it.
   */
  record DotProduct(float[] query) implements Similarity {

    /** Adds up four independent sums, which a processor computes at the same time. */
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

  private static float squares(float[] query, float[] vector) {
    float sum = 0;
    for (int c = 0; c < query.length; c++) {
      float difference = query[c] - vector[c];
      sum += difference * difference;
    }
    return sum;
  }
}
