package io.vectorstream.local.store;

import java.util.List;

/** How like a stored vector is to what is asked for; more is better. */
interface Similarity {

  /** Compares with the vector that starts at {@code at}. */
  float of(float[] block, int at);

  /** Likeness to one vector: the dot product, or a distance with its sign turned. */
  static Similarity to(VectorSpec spec, float[] query) {
    return switch (spec.distance()) {
      case Euclid -> (block, at) -> -squares(query, block, at);
      case Manhattan -> (block, at) -> -differences(query, block, at);
      default -> (block, at) -> dot(query, block, at);
    };
  }

  /** The nearest of the liked vectors decides, unless a disliked one is nearer still. */
  static Similarity bestOf(List<Similarity> liked, List<Similarity> disliked) {
    return (block, at) -> {
      float best = most(liked, block, at);
      float worst = most(disliked, block, at);
      return best > worst ? squashed(best) : -squashed(worst);
    };
  }

  static Similarity sumOf(List<Similarity> liked, List<Similarity> disliked) {
    return (block, at) -> {
      float sum = 0;
      for (Similarity one : liked) {
        sum += one.of(block, at);
      }
      for (Similarity one : disliked) {
        sum -= one.of(block, at);
      }
      return sum;
    };
  }

  private static float most(List<Similarity> all, float[] block, int at) {
    float most = Float.NEGATIVE_INFINITY;
    for (Similarity one : all) {
      most = Math.max(most, one.of(block, at));
    }
    return most;
  }

  /** Qdrant's fast sigmoid, scaled to 0…1. */
  private static float squashed(float value) {
    float sigmoid = value == Float.NEGATIVE_INFINITY ? -1 : value / (1 + Math.abs(value));
    return 0.5f * (sigmoid + 1);
  }

  // Several sums side by side: one sum would make every addition wait for the one before.

  private static float dot(float[] query, float[] block, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (int whole = query.length & ~7; i < whole; i += 8) {
      int j = at + i;
      s0 += query[i] * block[j];
      s1 += query[i + 1] * block[j + 1];
      s2 += query[i + 2] * block[j + 2];
      s3 += query[i + 3] * block[j + 3];
      s4 += query[i + 4] * block[j + 4];
      s5 += query[i + 5] * block[j + 5];
      s6 += query[i + 6] * block[j + 6];
      s7 += query[i + 7] * block[j + 7];
    }
    float sum = (s0 + s1) + (s2 + s3) + ((s4 + s5) + (s6 + s7));
    for (; i < query.length; i++) {
      sum += query[i] * block[at + i];
    }
    return sum;
  }

  private static float squares(float[] query, float[] block, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (int whole = query.length & ~3; i < whole; i += 4) {
      int j = at + i;
      float d0 = query[i] - block[j];
      float d1 = query[i + 1] - block[j + 1];
      float d2 = query[i + 2] - block[j + 2];
      float d3 = query[i + 3] - block[j + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    float sum = (s0 + s1) + (s2 + s3);
    for (; i < query.length; i++) {
      float difference = query[i] - block[at + i];
      sum += difference * difference;
    }
    return sum;
  }

  private static float differences(float[] query, float[] block, int at) {
    float sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += Math.abs(query[i] - block[at + i]);
    }
    return sum;
  }
}
