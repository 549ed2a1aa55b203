package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.embedding.ModelIdentity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The check that one model has made all vectors of a collection: comparing those of several would
 * cause no error, and find the wrong products. Nothing is changed.
 */
public final class StoredModel {
  private static final String WAY_OUT =
      "set the model back, embed everything again beside the pipeline (model migrate --to), or name other collections (qdrant.collections) and another checkpoint (stream.checkpoint)";

  private final VectorStore store;
  private final ModelIdentity model;

  public StoredModel(VectorStore store, ModelIdentity model) {
    this.store = store;
    this.model = model;
  }

  /**
   * Checks the products and the users; a collection that is not there passes.
   *
   * @throws StoreException if another model has made vectors
   */
  public void requireEverywhere() {
    requireProducts();
    require(store.collections().users());
  }

  /** Checks the products alone. */
  public void requireProducts() {
    require(store.collections().products());
  }

  /**
   * Checks the products, and that their vectors are as long as the model's.
   *
   * @param dimension floats in an embedding
   */
  public void requireProducts(int dimension) {
    String products = store.collections().products();
    if (!store.exists(products)) {
      return;
    }
    VectorsConfig config =
        store
            .ask(client -> client.getCollectionInfoAsync(products))
            .getConfig()
            .getParams()
            .getVectorsConfig();
    long stored = config.getParams().getSize();
    if (config.hasParams() && stored != dimension) {
      throw new StoreException(
          "collection '%s' at %s holds vectors of %d floats, but the embedding model %s makes %d; %s"
              .formatted(products, store.address(), stored, model, dimension, WAY_OUT));
    }
    require(products);
  }

  /**
   * Returns the number of floats in the vectors of a collection; 0 if its points have none, or it
   * is not there.
   */
  public static int dimension(VectorStore store, String collection) {
    if (!store.exists(collection)) {
      return 0;
    }
    return Math.toIntExact(
        store
            .ask(client -> client.getCollectionInfoAsync(collection))
            .getConfig()
            .getParams()
            .getVectorsConfig()
            .getParams()
            .getSize());
  }

  void require(String collection) {
    if (!store.exists(collection)) {
      return;
    }
    // The same model may be stored under several names.
    Set<String> same = new LinkedHashSet<>(Set.of(model.toString()));
    Optional<String> other = other(collection, same);
    while (other.isPresent()) {
      String stored = other.get();
      if (!model.made(stored) || !same.add(stored)) {
        throw new StoreException(
            "collection '%s' at %s holds vectors of the model %s, but embedding.model is %s%s; their vectors cannot be compared: %s"
                .formatted(
                    collection,
                    store.address(),
                    stored,
                    model,
                    model.despiteItsName(stored).map(why -> " (" + why + ")").orElse(""),
                    WAY_OUT));
      }
      other = other(collection, same);
    }
  }

  /** Returns a model other than these that has made a vector; empty if there is none. */
  private Optional<String> other(String collection, Set<String> known) {
    Filter.Builder others = Filter.newBuilder().addMustNot(ConditionFactory.isEmpty(Field.MODEL));
    known.forEach(name -> others.addMustNot(ConditionFactory.matchKeyword(Field.MODEL, name)));
    ScrollPoints first =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setFilter(others)
            .setLimit(1)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of(Field.MODEL)))
            .build();
    return store.ask(client -> client.scrollAsync(first)).getResultList().stream()
        .findFirst()
        .map(point -> point.getPayloadMap().get(Field.MODEL).getStringValue());
  }
}
