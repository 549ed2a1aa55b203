package io.vectorstream.migration;

import com.google.common.collect.Maps;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.StoredPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The copies of stored products, with another model's vectors. Texts are embedded while batches go
 * on; the copies are written between two batches, as the products are then.
 */
final class ProductCopy {

  /** The time for embedding one page; what is left over waits, as a batch's texts do. */
  private static final Duration EMBEDDING = Duration.ofMinutes(1);

  /** The products embedded together: seconds of work for the model. */
  static final int PAGE = 256;

  private final ProductCollection originals;
  private final ProductCollection copies;
  private final EmbeddingService embeddings;

  ProductCopy(Side inUse, Side other) {
    this.originals = new ProductCollection(inUse.settings().qdrant());
    this.copies = new ProductCollection(other.settings().qdrant());
    this.embeddings = other.embeddings();
  }

  /**
   * Some products that are to be copied.
   *
   * @param texts their embeddings, by the texts' hashes
   */
  record Prepared(StoredPage<ProductState> page, List<String> ids, TextVectors texts) {}

  /** Embeds the texts of the next products that have no copy; called beside batches. */
  Prepared prepare(String from) {
    StoredPage<ProductState> page = originals.page(from, PAGE);
    Map<String, ProductState> states = Maps.uniqueIndex(page.states(), ProductCopy::id);
    Map<String, String> marks = copies.marks(List.copyOf(states.keySet()));
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> ids = new ArrayList<>();
    states.forEach(
        (id, state) -> {
          if (!state.batch().equals(marks.get(id))) {
            ids.add(id);
            if (state.newest().isKnown()) {
              texts.put(state.newest().textHash(), state.newest().text());
            }
          }
        });
    return new Prepared(
        page,
        ids,
        TextVectors.of(texts, embeddings.embedEach(List.copyOf(texts.values()), EMBEDDING)));
  }

  /** Writes the copies; called between batches. */
  void write(Prepared prepared, Fence fence) {
    if (prepared.ids().isEmpty()) {
      return;
    }
    ProductCollection.Stored present = originals.read(prepared.ids(), fence);
    Map<String, ProductState> lacking =
        CopiedProducts.lacking(
            copies.read(prepared.ids(), fence).states(),
            present.states(),
            "",
            embeddings.modelName());
    Map<String, float[]> vectors = new HashMap<>();
    List<ProductState> embedded = new ArrayList<>();
    lacking.forEach(
        (id, product) ->
            embedded.add(
                product.newest().isKnown()
                    ? product.embedded(prepared.texts(), vectors)
                    : product));
    copies.store(embedded, vectors, fence);
  }

  private static String id(ProductState state) {
    return state.newest().product().id();
  }
}
