package io.vectorstream.jmh.merge;

import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.TextVectors;
import java.util.HashMap;
import java.util.Map;

/** Embeddings that no model has made: the cost of merging does not depend on their values. */
final class MadeUpEmbeddings {

  private MadeUpEmbeddings() {}

  /** Returns embeddings by the texts' hashes. */
  static TextVectors ofProducts(Deltas deltas, float[] vector) {
    Map<String, float[]> vectors = new HashMap<>();
    productTexts(deltas).keySet().forEach(hash -> vectors.put(hash, vector));
    return new TextVectors(vectors, Map.of());
  }

  /** Returns embeddings by the queries themselves. */
  static TextVectors ofQueries(Deltas deltas, float[] vector) {
    Map<String, float[]> vectors = new HashMap<>();
    deltas.users().forEach(user -> user.queries().forEach(query -> vectors.put(query, vector)));
    return new TextVectors(vectors, Map.of());
  }

  /** Returns the texts by their hashes. */
  static Map<String, String> productTexts(Deltas deltas) {
    Map<String, String> texts = new HashMap<>();
    deltas.products().forEach(product -> texts.putAll(product.textsByHash()));
    return texts;
  }
}
