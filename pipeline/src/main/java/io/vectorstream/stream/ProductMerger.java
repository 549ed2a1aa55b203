package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.store.ProductCollection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.LongAccumulator;

/** Adds a batch's deltas to the products in the store, embedding each text that is new. */
final class ProductMerger {

  private final String batch;
  private final ProductCollection store;
  private final EmbeddingService embeddings;

  private final LongAccumulator embedNanos;

  ProductMerger(Settings settings, String batch, LongAccumulator embedNanos) {
    this.embedNanos = embedNanos;
    this.batch = batch;
    this.store = new ProductCollection(settings.qdrant());
    this.embeddings = EmbeddingService.shared(settings.embedding());
  }

  /**
   * Merges and stores.
   *
   * @param deltas one a product
   * @return the embedding of every text in the deltas, by its hash
   */
  Map<String, float[]> merge(List<ProductDelta> deltas) {
    Map<String, ProductState> known =
        store.states(deltas.stream().map(ProductDelta::productId).toList());
    rememberStoredVectors(deltas, known);
    Map<String, float[]> vectors = embed(deltas);

    List<ProductState> changed = new ArrayList<>();
    Map<String, float[]> newVectors = new HashMap<>();
    for (ProductDelta delta : deltas) {
      ProductState before = known.get(delta.productId());
      ProductState after =
          before == null
              ? ProductState.of(delta, embeddings.modelName(), batch)
              : before.plus(delta, embeddings.modelName(), batch);
      if (after == before) {
        continue;
      }
      changed.add(after);
      if (before == null || !before.newest().textHash().equals(after.newest().textHash())) {
        newVectors.put(delta.productId(), vectors.get(after.newest().textHash()));
      }
    }
    store.store(changed, newVectors);
    return vectors;
  }

  /**
   * After a restart, or for a product that left the cache, the store has the embedding: it is not
   * computed again.
   */
  private void rememberStoredVectors(List<ProductDelta> deltas, Map<String, ProductState> known) {
    Map<String, String> textOfProduct = new HashMap<>();
    for (ProductDelta delta : deltas) {
      ProductState state = known.get(delta.productId());
      String text = state == null ? null : delta.textsByHash().get(state.newest().textHash());
      if (text != null && embeddings.cached(text).isEmpty()) {
        textOfProduct.put(delta.productId(), text);
      }
    }
    store
        .vectors(List.copyOf(textOfProduct.keySet()))
        .forEach((product, vector) -> embeddings.remember(textOfProduct.get(product), vector));
  }

  private Map<String, float[]> embed(List<ProductDelta> deltas) {
    Map<String, String> texts = new LinkedHashMap<>();
    deltas.forEach(delta -> texts.putAll(delta.textsByHash()));
    long start = System.nanoTime();
    List<float[]> embedded = embeddings.embed(List.copyOf(texts.values()));
    embedNanos.add(System.nanoTime() - start);
    Map<String, float[]> vectors = new HashMap<>();
    int i = 0;
    for (String hash : texts.keySet()) {
      vectors.put(hash, embedded.get(i++));
    }
    return vectors;
  }
}
