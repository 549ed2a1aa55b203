package io.vectorstream.fresh;

import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.StandIn;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The embeddings of the texts in a user's events: from the cache, from the stored products, or
 * computed while the user waits, as long as there is time.
 */
final class FreshTexts {

  private final ProductCollection products;
  private final Supplier<EmbeddingService> embeddings;
  private final boolean haveTopic;

  /**
   * @param haveTopic whether products have a topic of their own, which may describe them otherwise
   *     than events do
   */
  FreshTexts(ProductCollection products, Supplier<EmbeddingService> embeddings, boolean haveTopic) {
    this.products = products;
    this.embeddings = embeddings;
    this.haveTopic = haveTopic;
  }

  /** Returns embeddings by the texts' hashes. */
  TextVectors ofProducts(Collection<ProductDelta> deltas, Duration atMost) {
    Map<String, ProductState> described = describedByTopic(deltas);
    Map<String, String> texts = new HashMap<>();
    deltas.forEach(delta -> texts.putAll(delta.textsByHash(described.get(delta.productId()))));
    EmbeddingService service;
    try {
      service = embeddings.get();
    } catch (EmbeddingException e) {
      // Without a model, all of them wait for their embedding.
      return TextVectors.NONE;
    }
    List<String> unknown =
        deltas.stream()
            .filter(
                delta ->
                    delta.textsByHash(described.get(delta.productId())).values().stream()
                        .anyMatch(text -> service.cached(text).isEmpty()))
            .map(ProductDelta::productId)
            .toList();
    rememberStored(unknown, texts, service);
    TextVectors embedded = embed(texts, service::cached, service::embedDocument, atMost);
    Map<String, StandIn> standIns = new HashMap<>();
    for (ProductDelta delta : deltas) {
      ProductState product = described.get(delta.productId());
      if (product != null) {
        StandIn.of(delta, product, embedded)
            .ifPresent(standIn -> standIns.put(delta.productId(), standIn));
      }
    }
    return embedded.withStandIns(standIns);
  }

  private Map<String, ProductState> describedByTopic(Collection<ProductDelta> deltas) {
    if (!haveTopic) {
      return Map.of();
    }
    Map<String, ProductState> states =
        products.states(deltas.stream().map(ProductDelta::productId).toList());
    states.values().removeIf(state -> !state.isDescribedByTopic());
    return states;
  }

  /** Puts the embeddings of stored products into the cache, as a batch does. */
  private void rememberStored(
      List<String> ids, Map<String, String> texts, EmbeddingService service) {
    if (ids.isEmpty()) {
      return;
    }
    ProductCollection.Stored stored = products.read(ids, Fence.READER);
    stored
        .vectors()
        .forEach(
            (id, vector) ->
                stored(stored.states().get(id), texts, service)
                    .ifPresent(text -> service.remember(text, vector)));
  }

  /** Returns the text whose embedding the product's point has, if it is one of these. */
  private static Optional<String> stored(
      ProductState state, Map<String, String> texts, EmbeddingService service) {
    return state.isPending() || !service.identity().made(state.model())
        ? Optional.empty()
        : Optional.ofNullable(texts.get(state.newest().textHash()));
  }

  /** Returns embeddings of search queries, by the queries. */
  TextVectors ofQueries(Set<String> queries, Duration atMost) {
    if (queries.isEmpty()) {
      return TextVectors.NONE;
    }
    try {
      EmbeddingService service = embeddings.get();
      return embed(
          queries.stream().collect(Collectors.toMap(query -> query, query -> query)),
          service::cachedQuery,
          service::embedQuery,
          atMost);
    } catch (EmbeddingException e) {
      return TextVectors.NONE;
    }
  }

  private static TextVectors embed(
      Map<String, String> texts,
      Function<String, Optional<float[]>> cached,
      Function<String, float[]> computed,
      Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    Map<String, float[]> vectors = new HashMap<>();
    Map<String, String> failed = new HashMap<>();
    texts.forEach(
        (key, text) -> {
          Optional<float[]> known = cached.apply(text);
          try {
            if (known.isPresent()) {
              vectors.put(key, known.get());
            } else if (System.nanoTime() - end < 0) {
              vectors.put(key, computed.apply(text));
            }
          } catch (EmbeddingException e) {
            failed.put(key, e.getMessage());
          }
        });
    return new TextVectors(vectors, failed);
  }
}
