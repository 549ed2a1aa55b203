package io.vectorstream.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The similarity of two models, measured by their vectors. */
final class Likeness {
  private static final int LONGEST = 48;

  /** A number of ids that even a small vocabulary has. */
  private static final int IDS = 1000;

  private Likeness() {}

  /**
   * Returns the lowest cosine of both models' vectors for texts of several lengths; NaN if a vector
   * has a NaN.
   */
  static double of(EmbeddingModel one, EmbeddingModel other) {
    Random random = new Random(1);
    List<long[]> texts = new ArrayList<>();
    for (int length = 2; length <= LONGEST; length *= 2) {
      texts.add(random.longs(length, 0, IDS).toArray());
    }
    List<float[]> ones = one.embed(texts);
    List<float[]> others = other.embed(texts);
    double lowest = 1;
    for (int text = 0; text < texts.size(); text++) {
      double cosine = 0;
      for (int i = 0; i < ones.get(text).length; i++) {
        cosine += (double) ones.get(text)[i] * others.get(text)[i];
      }
      // NaN, if one of them is.
      lowest = Math.min(lowest, cosine);
    }
    return lowest;
  }
}
