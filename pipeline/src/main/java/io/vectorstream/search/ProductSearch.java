package io.vectorstream.search;

import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.store.HybridQueries;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.SearchTarget;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.StoredModel;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The search for products by the meaning of a text, and by its words where products have them. */
public final class ProductSearch {

  /** The time after which the store's model is looked at again: collections may be replaced. */
  private static final Duration MODEL_IS_KNOWN_FOR = Duration.ofMinutes(1);

  private final VectorStore store;
  private final ProductQueries products;

  /** Null if products are found by their meaning alone. */
  private final HybridQueries hybrid;

  private final Supplier<EmbeddingService> embeddings;

  /** The time of the next look at the store's model, by {@link System#nanoTime}. */
  private final AtomicLong nextLook = new AtomicLong(System.nanoTime());

  public ProductSearch(VectorStore store, EmbeddingService embeddings) {
    this(store, () -> embeddings);
  }

  /**
   * @param embeddings called by the first search for a text
   */
  public ProductSearch(VectorStore store, Supplier<EmbeddingService> embeddings) {
    this.store = store;
    this.products = new ProductQueries(store);
    this.hybrid = store.isHybrid() ? new HybridQueries(store) : null;
    this.embeddings = embeddings;
  }

  /**
   * Returns products whose text means about the same as {@code text}, the nearest first. With
   * {@code qdrant.words.enabled} words count as well as the meaning, and scores are those of {@link
   * HybridQueries#fitting}.
   *
   * @throws StoreException if another model has made the products' vectors, or they have no words
   */
  public List<ProductHit> byText(String text, SearchFilter filter, int limit) {
    EmbeddingService model = embeddings.get();
    requireOneModel(model);
    float[] vector = model.embedQuery(text);
    return hybrid == null
        ? products.nearest(SearchTarget.of(vector), filter, limit)
        : hybrid.fitting(text, vector, filter, limit);
  }

  /** Returns the name of the model that embeds searches. */
  public String model() {
    return embeddings.get().identity().name();
  }

  private void requireOneModel(EmbeddingService model) {
    long due = nextLook.get();
    long now = System.nanoTime();
    if (now - due >= 0 && nextLook.compareAndSet(due, now + MODEL_IS_KNOWN_FOR.toNanos())) {
      try {
        new StoredModel(store, model.identity()).requireProducts(model.dimension());
        if (hybrid != null) {
          hybrid.requireWords();
        }
      } catch (StoreException e) {
        nextLook.set(now);
        throw e;
      }
    }
  }
}
