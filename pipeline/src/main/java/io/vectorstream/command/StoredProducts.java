package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.search.ProductHit;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.store.VectorStore;
import java.util.List;
import java.util.function.Function;

/** Opens what a search needs for the time of one question. */
final class StoredProducts {

  private StoredProducts() {}

  static List<ProductHit> ask(
      Settings settings, Function<ProductSearch, List<ProductHit>> question) {
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      store.check();
      try (EmbeddingService embeddings = EmbeddingService.open(settings.embedding())) {
        return question.apply(new ProductSearch(store, embeddings));
      }
    }
  }
}
