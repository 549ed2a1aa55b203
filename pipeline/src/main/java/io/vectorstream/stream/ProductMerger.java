package io.vectorstream.stream;

import com.google.common.collect.Maps;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.StandIn;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.migration.CopiedProducts;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Chunks;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step that adds a batch's deltas to the stored products, and embeds each new text. */
public final class ProductMerger {

  private static final Logger log = LoggerFactory.getLogger(ProductMerger.class);
  private static final int MERGED_AT_ONCE = 500;

  private final TaskSettings settings;
  private final BatchMark batch;
  private final String mark;
  private final ProductCollection store;

  /** The collection to copy products from that this one may lack; null if it lacks none. */
  private final ProductCollection originals;

  private final EmbeddingService embeddings;
  private final TextEmbedder embedder;
  private final Fence fence;

  /**
   * @param fence of the turn in which the batch is merged
   * @param embedder embeds the texts that are new
   */
  public ProductMerger(TaskSettings settings, BatchMark batch, Fence fence, TextEmbedder embedder) {
    this(settings, null, batch, fence, embedder);
  }

  /**
   * Makes a merger for collections that may lack what was stored before.
   *
   * @param copiedFrom the settings of the collections that lack nothing; null if these are such
   */
  ProductMerger(
      TaskSettings settings,
      TaskSettings copiedFrom,
      BatchMark batch,
      Fence fence,
      TextEmbedder embedder) {
    this.originals = copiedFrom == null ? null : new ProductCollection(copiedFrom.qdrant());
    this.fence = TaskAttempt.of(fence);
    this.embedder = embedder;
    this.settings = settings;
    this.batch = batch;
    this.mark = batch.toString();
    this.store = new ProductCollection(settings.qdrant());
    this.embeddings = settings.embeddings();
  }

  static Iterator<List<ProductDelta>> chunks(Iterator<ProductDelta> deltas) {
    return Chunks.of(deltas, MERGED_AT_ONCE, ProductDelta::size);
  }

  /**
   * Merges and stores. A product on whose text the model fails is stored without a vector and with
   * the error; its next event tries again. A text that there is no time for is stored as pending;
   * until it is embedded, a product keeps the vector of its earlier text.
   *
   * @param deltas one a product
   * @return the embeddings of the texts in the deltas, by their hashes, and the stand-ins of texts
   *     that are too many, or that the products topic says otherwise
   */
  public TextVectors merge(List<ProductDelta> deltas) {
    ProductCollection.Stored stored =
        store.read(deltas.stream().map(ProductDelta::productId).toList(), fence);
    Map<String, ProductState> known = stored.states();
    Map<String, ProductState> copied = copied(deltas, known);
    known.putAll(copied);
    known
        .values()
        .forEach(state -> Checkpoint.requireNewest(settings.checkpoint(), batch, state.batch()));
    rememberStoredVectors(deltas, stored);
    TextVectors texts = embed(deltas, known);

    List<ProductState> changed = new ArrayList<>();
    Map<String, float[]> vectors = new HashMap<>(stored.vectors());
    Map<String, StandIn> standIns = new HashMap<>();
    Set<String> withTooManyTexts = new HashSet<>();
    for (ProductDelta delta : deltas) {
      ProductState before = known.get(delta.productId());
      ProductState after =
          before == null
              ? ProductState.of(delta, embeddings.modelName(), mark)
              : before.plus(delta, embeddings.modelName(), mark);
      Map<String, String> waiting = Maps.filterKeys(delta.textsByHash(before), texts::isWaiting);
      after = after.withPending(waiting, settings.interest().textsPerProduct());
      StandIn.of(delta, after, texts)
          .ifPresent(
              standIn -> {
                standIns.put(delta.productId(), standIn);
                if (!standIn.ofAll()) {
                  withTooManyTexts.add(delta.productId());
                }
              });
      if (after == before && !copied.containsKey(delta.productId())) {
        continue;
      }
      boolean wanting =
          before == null
              || before.embeddingError() != null
              || before.isPending()
              || !before.newest().textHash().equals(after.newest().textHash());
      changed.add(wanting ? embedded(after, texts, vectors) : after);
    }
    store.store(changed, vectors, fence);
    InterestBounds.standIns(withTooManyTexts);
    return texts.withStandIns(standIns);
  }

  private Map<String, ProductState> copied(
      List<ProductDelta> deltas, Map<String, ProductState> known) {
    return originals == null
        ? Map.of()
        : CopiedProducts.lacking(
            known,
            originals.states(deltas.stream().map(ProductDelta::productId).toList()),
            mark,
            embeddings.modelName());
  }

  /**
   * Returns the product with the result for its newest text.
   *
   * @param vectors by product id; receives the product's vector, or null for none, if that is known
   *     now
   */
  static ProductState embedded(
      ProductState product, TextVectors texts, Map<String, float[]> vectors) {
    ProductState embedded = product.embedded(texts, vectors);
    if (embedded.embeddingError() != null
        && !embedded.embeddingError().equals(product.embeddingError())) {
      log.warn(
          "product {} is stored without a vector: {}",
          product.newest().product().id(),
          embedded.embeddingError());
    }
    return embedded;
  }

  /**
   * Takes embeddings from the store, instead of computing them again after a restart, or for a
   * product that left the cache.
   */
  private void rememberStoredVectors(List<ProductDelta> deltas, ProductCollection.Stored stored) {
    for (ProductDelta delta : deltas) {
      ProductState state = stored.states().get(delta.productId());
      // While its text is pending, the vector in the store is that of its earlier text.
      String text =
          state == null || state.isPending()
              ? null
              : delta.textsByHash(state).get(state.newest().textHash());
      float[] vector = stored.vectors().get(delta.productId());
      if (text != null && vector != null && embeddings.cached(text).isEmpty()) {
        embeddings.remember(text, vector);
      }
    }
  }

  private TextVectors embed(List<ProductDelta> deltas, Map<String, ProductState> known) {
    Map<String, String> texts = new LinkedHashMap<>();
    deltas.forEach(delta -> texts.putAll(delta.textsByHash(known.get(delta.productId()))));
    return embedder.embed(texts);
  }
}
