package io.vectorstream.jmh.merge;

import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.TextVectors;
import java.util.HashMap;
import java.util.Map;

/**
 * Embeddings of a batch's texts that no model has made: what merging costs does not depend on them.
 */
final class Embeddings {

  private Embeddings() {}

  /** By the texts' hashes. */
  static TextVectors ofProducts(Deltas deltas, float[] vector) {
    Map<String, float[]> vectors = new HashMap<>();
    productTexts(deltas).keySet().forEach(hash -> vectors.put(hash, vector));
    return new TextVectors(vectors, Map.of());
  }

  /** By the queries themselves. */
  static TextVectors ofQueries(Deltas deltas, float[] vector) {
    Map<String, float[]> vectors = new HashMap<>();
    deltas.users().forEach(user -> user.queries().forEach(query -> vectors.put(query, vector)));
    return new TextVectors(vectors, Map.of());
  }

  /** By their hashes. */
  static Map<String, String> productTexts(Deltas deltas) {
    Map<String, String> texts = new HashMap<>();
    deltas.products().forEach(product -> texts.putAll(product.textsByHash()));
    return texts;
  }
}
