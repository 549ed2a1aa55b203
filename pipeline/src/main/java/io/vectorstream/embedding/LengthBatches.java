package io.vectorstream.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The division of tokenized texts into batches of about equal length. A model computes every text
 * of a batch up to the longest, so a short text beside a long one costs as much as the long one.
 */
public final class LengthBatches {

  /**
   * The limit of tokens in one batch, padding included. It bounds the memory that the model takes
   * for it, whatever number of texts the settings allow: 256 texts of 256 tokens suit a GPU.
   */
  private static final int MAX_TOKENS = 65_536;

  /** The share of a batch's tokens that may be padding. */
  private static final double MAX_PADDING = 0.1;

  private LengthBatches() {}

  /**
   * @param tokens of each text, padding not included
   * @param maxTexts texts of one batch, at most
   * @return the texts' places in the list, each once
   */
  public static List<int[]> cut(List<long[]> tokens, int maxTexts) {
    int[] shortestFirst =
        IntStream.range(0, tokens.size())
            .boxed()
            .sorted(Comparator.comparingInt(place -> tokens.get(place).length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int first = 0;
    int used = 0;
    for (int next = 0; next < shortestFirst.length; next++) {
      int length = tokens.get(shortestFirst[next]).length;
      int texts = next - first + 1;
      int padded = texts * length;
      int padding = padded - used - length;
      if (texts > 1
          && (texts > maxTexts || padded > MAX_TOKENS || padding > padded * MAX_PADDING)) {
        batches.add(Arrays.copyOfRange(shortestFirst, first, next));
        first = next;
        used = 0;
      }
      used += length;
    }
    if (first < shortestFirst.length) {
      batches.add(Arrays.copyOfRange(shortestFirst, first, shortestFirst.length));
    }
    return batches;
  }
}
