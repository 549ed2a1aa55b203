package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.VectorStore;
import java.util.function.Function;

/** The connections that a search, or a recommendation, opens for one answer. */
final class StoredProducts {

  private StoredProducts() {}

  static <T> T search(Settings settings, Function<ProductSearch, T> question) {
    return ask(
        settings,
        store -> {
          try (EmbeddingService embeddings = EmbeddingService.open(settings.embedding())) {
            return question.apply(new ProductSearch(store, embeddings));
          }
        });
  }

  static <T> T recommend(Settings settings, Function<Recommender, T> question) {
    return ask(settings, store -> question.apply(new Recommender(store, settings.recommend())));
  }

  private static <T> T ask(Settings settings, Function<VectorStore, T> question) {
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      store.check();
      return question.apply(store);
    }
  }
}
