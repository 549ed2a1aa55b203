package io.vectorstream.search;

import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.SearchTarget;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.util.List;
import java.util.function.Supplier;

/** The search for products by the meaning of a text. */
public final class ProductSearch {

  private final ProductQueries products;
  private final Supplier<EmbeddingService> embeddings;

  public ProductSearch(VectorStore store, EmbeddingService embeddings) {
    this(store, () -> embeddings);
  }

  /**
   * @param embeddings called by the first search for a text
   */
  public ProductSearch(VectorStore store, Supplier<EmbeddingService> embeddings) {
    this.products = new ProductQueries(store);
    this.embeddings = embeddings;
  }

  /** Returns products whose text means about the same as {@code text}, the nearest first. */
  public List<ProductHit> byText(String text, SearchFilter filter, int limit) {
    return products.nearest(SearchTarget.of(embeddings.get().embedQuery(text)), filter, limit);
  }
}
