package io.vectorstream.local.store;

import java.util.Arrays;
import java.util.List;

/**
 * How like stored vectors are to what is asked for; more is better.
 *
 * <p>Vectors are compared a block at a time: {@link #WIDTH} of them lie side by side, coordinate by
 * coordinate, so that one machine instruction works on many of them. A vector after the other, each
 * would be a sum whose terms have to wait for each other.
 */
interface Similarity {

  /**
   * Vectors in a block: as many as a core has room for sums of, at the most. So a block is read
   * once, from its beginning to its end, which is what memory is fast at.
   */
  int WIDTH = 64;

  /**
   * Compares with all vectors of a block.
   *
   * @param block coordinate {@code c} of vector {@code v} is at {@code c * WIDTH + v}
   * @param scores where they go, {@link #WIDTH} of them
   * @param at where in {@code scores}
   */
  void of(float[] block, float[] scores, int at);

  /** Likeness to one vector: the dot product, or a distance with its sign turned. */
  static Similarity to(VectorSpec spec, float[] query) {
    return switch (spec.distance()) {
      case Euclid -> (block, scores, at) -> squares(query, block, scores, at);
      case Manhattan -> (block, scores, at) -> differences(query, block, scores, at);
      default -> (block, scores, at) -> BlockProducts.FASTEST.of(query, block, scores, at);
    };
  }

  /** The nearest of the liked vectors decides, unless a disliked one is nearer still. */
  static Similarity bestOf(List<Similarity> liked, List<Similarity> disliked) {
    return (block, scores, at) -> {
      float[] best = most(liked, block);
      float[] worst = most(disliked, block);
      for (int i = 0; i < WIDTH; i++) {
        scores[at + i] = best[i] > worst[i] ? squashed(best[i]) : -squashed(worst[i]);
      }
    };
  }

  static Similarity sumOf(List<Similarity> liked, List<Similarity> disliked) {
    return (block, scores, at) -> {
      float[] one = new float[WIDTH];
      Arrays.fill(scores, at, at + WIDTH, 0);
      for (Similarity similarity : liked) {
        similarity.of(block, one, 0);
        for (int i = 0; i < WIDTH; i++) {
          scores[at + i] += one[i];
        }
      }
      for (Similarity similarity : disliked) {
        similarity.of(block, one, 0);
        for (int i = 0; i < WIDTH; i++) {
          scores[at + i] -= one[i];
        }
      }
    };
  }

  private static float[] most(List<Similarity> all, float[] block) {
    float[] most = new float[WIDTH];
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    float[] one = new float[WIDTH];
    for (Similarity similarity : all) {
      similarity.of(block, one, 0);
      for (int i = 0; i < WIDTH; i++) {
        most[i] = Math.max(most[i], one[i]);
      }
    }
    return most;
  }

  /** Qdrant's fast sigmoid, scaled to 0…1. */
  private static float squashed(float value) {
    float sigmoid = value == Float.NEGATIVE_INFINITY ? -1 : value / (1 + Math.abs(value));
    return 0.5f * (sigmoid + 1);
  }

  private static void squares(float[] query, float[] block, float[] scores, int at) {
    float[] sums = new float[WIDTH];
    for (int c = 0; c < query.length; c++) {
      subtractSquares(query[c], block, c * WIDTH, sums);
    }
    System.arraycopy(sums, 0, scores, at, WIDTH);
  }

  private static void subtractSquares(float q, float[] block, int from, float[] sums) {
    for (int i = 0; i < WIDTH; i++) {
      float difference = q - block[from + i];
      sums[i] -= difference * difference;
    }
  }

  private static void differences(float[] query, float[] block, float[] scores, int at) {
    float[] sums = new float[WIDTH];
    for (int c = 0; c < query.length; c++) {
      subtractDifferences(query[c], block, c * WIDTH, sums);
    }
    System.arraycopy(sums, 0, scores, at, WIDTH);
  }

  private static void subtractDifferences(float q, float[] block, int from, float[] sums) {
    for (int i = 0; i < WIDTH; i++) {
      sums[i] -= Math.abs(q - block[from + i]);
    }
  }
}
