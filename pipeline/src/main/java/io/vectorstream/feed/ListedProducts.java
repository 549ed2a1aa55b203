package io.vectorstream.feed;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.merge.Listing;
import io.vectorstream.merge.ProductState;
import io.vectorstream.migration.CopiedProducts;
import io.vectorstream.migration.Side;
import io.vectorstream.store.Fence;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.Isolated;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored products as the products topic changes them. A text that is new is left to the work
 * between batches, unless its embedding is in the cache: so a flood of products takes no longer
 * than writing them.
 */
final class ListedProducts {

  private static final Logger log = LoggerFactory.getLogger(ListedProducts.class);

  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(10);

  private final ProductCollection products;

  /** The collection to copy products from that this one may lack; null if it lacks none. */
  private final ProductCollection originals;

  private final Supplier<EmbeddingService> embeddings;
  private final Runnable onPending;
  private final String topic;
  private final int mostPending;
  private volatile long applied;
  private volatile long passedOver;
  private volatile long refused;
  private volatile long hidden;
  private volatile long retired;
  private long countedNanos;
  private long appliedAtCount = -1;

  /**
   * @param side the model, with the collection of its products
   * @param originals the settings of the collection with everything that this one may lack; null if
   *     it lacks nothing
   * @param onPending called when there are texts to embed
   */
  ListedProducts(Side side, Settings originals, Runnable onPending) {
    Settings settings = side.settings();
    this.products = new ProductCollection(settings.qdrant());
    this.originals = originals == null ? null : new ProductCollection(originals.qdrant());
    this.embeddings = side::embeddings;
    this.onPending = onPending;
    this.topic = settings.kafka().productsTopic();
    this.mostPending = settings.interest().textsPerProduct();
  }

  /**
   * Applies records, in their order, and waits until the products are stored. Must not run beside a
   * batch, as both read products, change them and write them back.
   *
   * @param refused receives the records that the store refuses for what is in them
   * @return whether any product was changed
   * @throws FencedException if a later writer has written one of the products
   */
  boolean apply(
      List<ProductRecord> records,
      String topicId,
      Fence fence,
      BiConsumer<ProductRecord, StoreException> refused) {
    List<String> ids = records.stream().map(ProductRecord::productId).distinct().toList();
    ProductCollection.Stored stored = products.read(ids, fence);
    if (originals != null) {
      Map<String, ProductState> copied =
          CopiedProducts.lacking(
              stored.states(), originals.states(ids), "", embeddings.get().modelName());
      stored.states().putAll(copied);
    }
    Map<String, ProductState> changed = new LinkedHashMap<>();
    ListMultimap<String, ProductRecord> versions = ArrayListMultimap.create();
    for (ProductRecord record : records) {
      String id = record.productId();
      ProductState before = changed.getOrDefault(id, stored.states().get(id));
      if (before == null) {
        before = ProductState.unknown(id, embeddings.get().modelName());
      }
      ProductState after = before.listed(record, topicId);
      if (after != before) {
        changed.put(id, after);
        versions.put(id, record);
      }
    }
    int again = 0;
    if (!changed.isEmpty()) {
      Map<ProductState, StoreException> left = store(changed, stored, fence);
      for (Map.Entry<ProductState, StoreException> entry : left.entrySet()) {
        List<ProductRecord> all = versions.get(entry.getKey().newest().product().id());
        again += all.size() - 1;
        giveUp(
            all,
            entry.getValue(),
            version -> apply(List.of(version), topicId, fence, refused),
            refused);
      }
    }
    // Those that are applied again, one by one, are counted there.
    passedOver += records.size() - changed.size() - again;
    return !changed.isEmpty();
  }

  /** Stores products; returns those that the store refuses, with its answer about each. */
  private Map<ProductState, StoreException> store(
      Map<String, ProductState> changed, ProductCollection.Stored stored, Fence fence) {
    Map<String, float[]> vectors = new HashMap<>(stored.vectors());
    List<ProductState> states = new ArrayList<>();
    boolean pending = false;
    for (ProductState state : changed.values()) {
      ProductState described = described(state, stored, vectors);
      pending |= described != state && described.isPending();
      states.add(described);
    }
    Map<ProductState, StoreException> refused =
        refused(states, some -> products.store(some, vectors, fence));
    applied += states.size() - refused.size();
    if (pending) {
      onPending.run();
    }
    return refused;
  }

  /**
   * Stores products. One that the store refuses, for what is in it, is left out if the store takes
   * others with it: else it may refuse everything, because of another problem.
   *
   * @param store sends some of them, and returns when they are acknowledged
   * @return those that the store refuses, with its answer about each
   * @throws StoreException if it takes none
   */
  static Map<ProductState, StoreException> refused(
      List<ProductState> states, Consumer<List<ProductState>> store) {
    try {
      store.accept(states);
      return Map.of();
    } catch (StoreException e) {
      if (!e.isInvalidContent()) {
        throw e;
      }
      Isolated<ProductState> isolated = Isolated.of(states, e, store);
      if (isolated.taken().isEmpty()) {
        throw e;
      }
      return isolated.refused();
    }
  }

  /**
   * Gives up the last version of a product, which the store refuses. Those before it are applied
   * one by one: the product becomes what the last one says that the store takes.
   *
   * @param alone applies one version
   * @param refused receives the versions that are given up
   */
  void giveUp(
      List<ProductRecord> versions,
      StoreException why,
      Consumer<ProductRecord> alone,
      BiConsumer<ProductRecord, StoreException> refused) {
    int last = versions.size() - 1;
    for (ProductRecord version : versions.subList(0, last)) {
      try {
        alone.accept(version);
      } catch (StoreException e) {
        if (!e.isInvalidContent()) {
          throw e;
        }
        giveUp(List.of(version), e, alone, refused);
      }
    }
    log.error(
        "product '{}' stays as it was, because the store refuses what topic {} says of it: {}",
        BrokenRecordException.quote(versions.get(last).productId()),
        topic,
        why.getMessage());
    this.refused++;
    refused.accept(versions.get(last), why);
  }

  /**
   * Returns the product with its new text, if it has one, embedded or waiting.
   *
   * @param vectors by product id; receives the text's embedding if that is known
   */
  private ProductState described(
      ProductState state, ProductCollection.Stored stored, Map<String, float[]> vectors) {
    String id = state.newest().product().id();
    String hash = state.newest().textHash();
    ProductState before = stored.states().get(id);
    if (!state.newest().isKnown()) {
      return state;
    }
    String text = state.newest().text();
    if (before != null && before.newest().textHash().equals(hash)) {
      // It may have had another text in between, and waits or has failed as before.
      ProductState waiting =
          before.isPending() && !state.isPending()
              ? state.withPending(Map.of(hash, text), mostPending)
              : state;
      return Objects.equals(waiting.embeddingError(), before.embeddingError())
          ? waiting
          : waiting.withEmbeddingError(before.embeddingError());
    }
    Optional<float[]> vector = embeddings.get().cached(text);
    if (vector.isPresent()) {
      vectors.put(id, vector.get());
      return state.withNewestDone(null);
    }
    return state.withPending(Map.of(hash, text), mostPending);
  }

  /** Counts what is hidden and retired again, if it may have changed, now and then. */
  void count() {
    if (applied == appliedAtCount
        || appliedAtCount >= 0 && System.nanoTime() - countedNanos < BETWEEN_COUNTS.toNanos()) {
      return;
    }
    appliedAtCount = applied;
    hidden = products.count(Listing.Status.HIDDEN);
    retired = products.count(Listing.Status.RETIRED);
    countedNanos = System.nanoTime();
  }

  long applied() {
    return applied;
  }

  long passedOver() {
    return passedOver;
  }

  long refused() {
    return refused;
  }

  long hidden() {
    return hidden;
  }

  long retired() {
    return retired;
  }
}
