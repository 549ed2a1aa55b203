package io.vectorstream.local.evaluate;

import com.google.common.collect.Lists;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.TextVectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The embedding of texts, each once, with a report of its progress. */
final class TextEmbedding {

  private static final int AT_ONCE = 128;

  /** A listener that is called after each part; it throws to end the embedding. */
  interface Listener {
    void embedded(int texts, int ofAll) throws InterruptedException;
  }

  private final EmbeddingService embeddings;
  private final int all;
  private final Listener listener;
  private int done;

  TextEmbedding(EmbeddingService embeddings, int all, Listener listener) {
    this.embeddings = embeddings;
    this.all = all;
    this.listener = listener;
  }

  /**
   * @param texts of products, by key
   */
  TextVectors embed(Map<String, String> texts) throws InterruptedException {
    return embed(texts, embeddings::embed);
  }

  /** Embeds what users have searched for, in the same way. */
  TextVectors embedQueries(Map<String, String> texts) throws InterruptedException {
    return embed(texts, queries -> queries.stream().map(embeddings::embedQuery).toList());
  }

  private TextVectors embed(
      Map<String, String> texts, Function<List<String>, List<float[]>> computed)
      throws InterruptedException {
    Map<String, float[]> vectors = new HashMap<>();
    for (List<String> keys : Lists.partition(List.copyOf(texts.keySet()), AT_ONCE)) {
      List<float[]> part = computed.apply(keys.stream().map(texts::get).toList());
      for (int i = 0; i < keys.size(); i++) {
        vectors.put(keys.get(i), part.get(i));
      }
      done += keys.size();
      listener.embedded(done, all);
    }
    return new TextVectors(vectors, Map.of());
  }
}
