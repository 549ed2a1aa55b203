package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.ProductCollection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds a batch's deltas to the products in the store, embedding each text that is new. */
final class ProductMerger {

  private static final Logger log = LoggerFactory.getLogger(ProductMerger.class);
  private static final int MERGED_AT_ONCE = 500;

  private final Settings settings;
  private final BatchMark batch;
  private final String mark;
  private final ProductCollection store;
  private final EmbeddingService embeddings;
  private final LongConsumer embedNanos;

  /**
   * @param embedNanos takes the time spent on embedding
   */
  ProductMerger(Settings settings, BatchMark batch, LongConsumer embedNanos) {
    this.embedNanos = embedNanos;
    this.settings = settings;
    this.batch = batch;
    this.mark = batch.toString();
    this.store = new ProductCollection(settings.qdrant());
    this.embeddings = EmbeddingService.shared(settings.embedding());
  }

  static Iterator<List<ProductDelta>> chunks(Iterator<ProductDelta> deltas) {
    return Chunks.of(deltas, MERGED_AT_ONCE, ProductDelta::size);
  }

  /**
   * Merges and stores. A product on whose text the model fails is stored without a vector, and says
   * why; its next event tries again.
   *
   * @param deltas one a product
   * @return the embedding of every text in the deltas, by its hash, but for those that the model
   *     fails on
   */
  Map<String, float[]> merge(List<ProductDelta> deltas) {
    Map<String, ProductState> known =
        store.states(deltas.stream().map(ProductDelta::productId).toList());
    known.values().forEach(state -> Checkpoint.requireNewest(settings, batch, state.batch()));
    rememberStoredVectors(deltas, known);
    Map<String, String> errors = new HashMap<>();
    Map<String, float[]> vectors = embed(deltas, errors);

    List<ProductState> changed = new ArrayList<>();
    Map<String, float[]> newVectors = new HashMap<>();
    for (ProductDelta delta : deltas) {
      ProductState before = known.get(delta.productId());
      ProductState after =
          before == null
              ? ProductState.of(delta, embeddings.modelName(), mark)
              : before.plus(delta, embeddings.modelName(), mark);
      if (after == before) {
        continue;
      }
      String textHash = after.newest().textHash();
      if (before == null
          || before.embeddingError() != null
          || !before.newest().textHash().equals(textHash)) {
        after = embedded(after, vectors.get(textHash), errors.get(textHash), newVectors);
      }
      changed.add(after);
    }
    store.store(changed, newVectors);
    return vectors;
  }

  /** Neither vector nor error: an older event came, whose text is not the product's any more. */
  private static ProductState embedded(
      ProductState product, float[] vector, String error, Map<String, float[]> newVectors) {
    if (vector == null && error == null) {
      return product;
    }
    if (vector == null) {
      log.warn("product {} is stored without a vector: {}", product.newest().product().id(), error);
    } else {
      newVectors.put(product.newest().product().id(), vector);
    }
    return product.withEmbeddingError(error);
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

  /**
   * @param errors takes why the model failed, by text hash
   */
  private Map<String, float[]> embed(List<ProductDelta> deltas, Map<String, String> errors) {
    Map<String, String> texts = new LinkedHashMap<>();
    deltas.forEach(delta -> texts.putAll(delta.textsByHash()));
    long start = System.nanoTime();
    EmbeddingService.Embedded embedded = embeddings.embedEach(List.copyOf(texts.values()));
    embedNanos.accept(System.nanoTime() - start);
    Map<String, float[]> vectors = new HashMap<>();
    Iterator<float[]> results = embedded.vectors().iterator();
    for (String hash : texts.keySet()) {
      float[] vector = results.next();
      if (vector != null) {
        vectors.put(hash, vector);
      }
    }
    embedded
        .failures()
        .forEach(failure -> errors.put(ProductText.hash(failure.text()), failure.reason()));
    return vectors;
  }
}
