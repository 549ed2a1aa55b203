package io.vectorstream.words;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sparse vector of terms.
 *
 * @param indices of the terms, each once: the 32 bits of their UTF-8's MurmurHash3 (x86, seed 0),
 *     as an unsigned number; in ascending order as signed ones
 * @param values the weights, {@code float[indices.length]}
 */
public record WordVector(int[] indices, float[] values) {

  private static final HashFunction HASH = Hashing.murmur3_32_fixed();

  /** Makes the vector of weighted terms. The weights of two terms with one hash add up. */
  static WordVector of(Map<String, Double> weights) {
    Map<Integer, Double> byIndex = new TreeMap<>();
    weights.forEach((term, weight) -> byIndex.merge(index(term), weight, Double::sum));
    int[] indices = new int[byIndex.size()];
    float[] values = new float[indices.length];
    int i = 0;
    for (Map.Entry<Integer, Double> entry : byIndex.entrySet()) {
      indices[i] = entry.getKey();
      values[i++] = entry.getValue().floatValue();
    }
    return new WordVector(indices, values);
  }

  static int index(String term) {
    return HASH.hashString(term, StandardCharsets.UTF_8).asInt();
  }

  /** Returns whether there is no term. */
  public boolean isEmpty() {
    return indices.length == 0;
  }
}
