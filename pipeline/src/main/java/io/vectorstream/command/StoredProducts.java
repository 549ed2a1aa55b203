package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.embedding.PlainModel;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.StoredModel;
import io.vectorstream.store.VectorStore;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections that a search, or a recommendation, opens for one answer. */
final class StoredProducts {

  private static final Logger log = LoggerFactory.getLogger(StoredProducts.class);

  private StoredProducts() {}

  static <T> T search(Settings given, Function<ProductSearch, T> question) {
    return ask(
        given,
        (settings, store) -> {
          try (EmbeddingService embeddings = EmbeddingService.open(settings.embedding())) {
            return question.apply(new ProductSearch(store, embeddings));
          }
        });
  }

  static <T> T recommend(Settings given, Function<Recommender, T> question) {
    return ask(
        given,
        (settings, store) -> {
          checkModel(store, settings.embedding());
          return question.apply(new Recommender(store, settings.recommendCounted()));
        });
  }

  /** Checks the stored vectors, which are compared with each other and with no new one. */
  private static void checkModel(VectorStore store, Settings.Embedding settings) {
    ModelIdentity model;
    try {
      model = PlainModel.identityOf(settings);
    } catch (EmbeddingException e) {
      if (!settings.asksServer()) {
        throw e;
      }
      log.warn(
          "it is not known which model embeds, and recommended by stored vectors: {}",
          e.getMessage());
      return;
    }
    new StoredModel(store, model).requireEverywhere();
  }

  /** Asks the collections in use, with the model in use. */
  private static <T> T ask(Settings given, BiFunction<Settings, VectorStore, T> question) {
    Settings settings;
    try (VectorStore store = VectorStore.connect(given.qdrant())) {
      store.check();
      settings = ModelInUse.of(given, store);
    }
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      return question.apply(settings, store);
    }
  }
}
