package io.vectorstream.merge;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Embeddings of texts, as far as there are any: a text that is neither among the vectors nor among
 * the failed ones still waits for its embedding.
 *
 * @param vectors by what stands for the text: a product text's hash, or a search query itself
 * @param failed why the model fails on a text, likewise
 */
public record TextVectors(Map<String, float[]> vectors, Map<String, String> failed)
    implements Serializable {

  public static final TextVectors NONE = new TextVectors(Map.of(), Map.of());

  /** All that is known in any of them. */
  public static TextVectors union(Collection<TextVectors> parts) {
    Map<String, float[]> vectors = new HashMap<>();
    Map<String, String> failed = new HashMap<>();
    for (TextVectors part : parts) {
      vectors.putAll(part.vectors);
      failed.putAll(part.failed);
    }
    return new TextVectors(vectors, failed);
  }

  public boolean isWaiting(String text) {
    return !vectors.containsKey(text) && !failed.containsKey(text);
  }
}
