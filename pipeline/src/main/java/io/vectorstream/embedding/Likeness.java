package io.vectorstream.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How alike two models are, by the vectors that they give. */
final class Likeness {
  private static final int LONGEST = 48;

  /** Ids that even a small vocabulary has. */
  private static final int IDS = 1000;

  private Likeness() {}

  /**
   * The lowest cosine of the vectors that both give for texts of several lengths; NaN if one gives
   * no numbers.
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
      // Not a number, if one of them is not.
      lowest = Math.min(lowest, cosine);
    }
    return lowest;
  }
}
