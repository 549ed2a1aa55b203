package io.vectorstream.store;

import com.google.common.collect.Iterators;
import com.google.common.collect.Streams;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.merge.ProductState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stored products, read and written many at a time. */
public final class ProductCollection {

  private static final Filter PENDING =
      Filter.newBuilder().addMust(ConditionFactory.match(ProductPoints.PENDING, true)).build();

  private static final int PAGE = 1_000;
  private static final int LOOKED_THROUGH = 20_000;

  private final VectorStore store;
  private final String collection;

  /** Uses the connection that all batches of this JVM share. */
  public ProductCollection(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public ProductCollection(VectorStore store) {
    this.store = store;
    this.collection = store.collections().products();
  }

  /** Returns the states of the stored ones among these products, by their ids. */
  public Map<String, ProductState> states(List<String> productIds) {
    return states(productIds, Fence.READER);
  }

  /**
   * Returns the same, for a writer that is going to change them.
   *
   * @throws FencedException if a later writer has written one of them
   */
  public Map<String, ProductState> states(List<String> productIds, Fence fence) {
    Map<String, ProductState> states = new HashMap<>();
    for (RetrievedPoint point : retrieve(productIds, true)) {
      fence.requireAdmits(point.getPayloadMap(), collection);
      ProductState state = state(point);
      states.put(state.newest().product().id(), state);
    }
    return states;
  }

  /** Returns the embeddings of the stored ones among these products, by their ids. */
  public Map<String, float[]> vectors(List<String> productIds) {
    Map<String, String> idOfPoint = new HashMap<>();
    productIds.forEach(id -> idOfPoint.put(PointIds.text(id), id));
    Map<String, float[]> vectors = new HashMap<>();
    for (RetrievedPoint point : retrieve(productIds, false)) {
      float[] vector = PointVectors.of(point);
      if (vector != null) {
        vectors.put(idOfPoint.get(point.getId().getUuid()), vector);
      }
    }
    return vectors;
  }

  private List<RetrievedPoint> retrieve(List<String> productIds, boolean payloadNotVector) {
    if (productIds.isEmpty()) {
      return List.of();
    }
    return store.await(
        store.retrieve(
            collection,
            productIds.stream().map(PointIds::point).toList(),
            WithPayloadSelectorFactory.enable(payloadNotVector),
            WithVectorsSelectorFactory.enable(!payloadNotVector)));
  }

  /** Reads a product's state. Corrects times in the future, which an earlier version stored. */
  private static ProductState state(RetrievedPoint point) {
    return ProductPoints.state(point.getPayloadMap())
        .notFromTheFuture(System.currentTimeMillis() * 1000);
  }

  /** Returns the products that have texts waiting for their embedding, each in turn. */
  public Rotation<ProductState> pending() {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setFilter(PENDING)
            .setWithPayload(WithPayloadSelectorFactory.enable(true))
            .build();
    return new Rotation<>(store, request, ProductCollection::state);
  }

  /** Returns the product with the most events among the first {@value #LOOKED_THROUGH}. */
  public Optional<ProductState> busiest() {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.enable(true));
    return Streams.stream(Iterators.limit(new ScrollPages(store, request), LOOKED_THROUGH / PAGE))
        .flatMap(List::stream)
        .map(ProductCollection::state)
        .max(Comparator.comparingLong(state -> state.counts().total()));
  }

  /** Returns whether a product is stored. */
  public boolean contains(String productId) {
    return !retrieve(List.of(productId), false).isEmpty();
  }

  /** Returns the number of products that have texts waiting for their embedding. */
  public long countPending() {
    return store.ask(client -> client.countAsync(collection, PENDING, true));
  }

  /**
   * Writes products and waits until they are acknowledged. A product that a later writer has
   * written stays as it is.
   *
   * @param states the products
   * @param newVectors by product id, for products that are new, or have a new embedding: the
   *     embedding, or null for none. The others keep their vectors
   */
  public void store(List<ProductState> states, Map<String, float[]> newVectors, Fence fence) {
    List<PointsUpdateOperation> operations = new ArrayList<>();
    PointsUpdateOperation.PointStructList.Builder whole =
        PointsUpdateOperation.PointStructList.newBuilder().setUpdateFilter(fence.admits());
    for (ProductState state : states) {
      String id = state.newest().product().id();
      if (newVectors.containsKey(id)) {
        whole.addPoints(
            PointStruct.newBuilder()
                .setId(PointIds.point(id))
                .setVectors(PointVectors.of(newVectors.get(id)))
                .putAllPayload(payload(state, fence)));
      } else {
        operations.add(overwritePayload(id, state, fence));
      }
    }
    if (whole.getPointsCount() > 0) {
      operations.add(PointsUpdateOperation.newBuilder().setUpsert(whole).build());
    }
    PointUpdates.apply(store, collection, operations);
  }

  /** Replaces the payload only, so that a server does not index the vector again. */
  private static PointsUpdateOperation overwritePayload(
      String productId, ProductState state, Fence fence) {
    Filter admitted =
        fence.admits().toBuilder()
            .addMust(ConditionFactory.hasId(PointIds.point(productId)))
            .build();
    return PointsUpdateOperation.newBuilder()
        .setOverwritePayload(
            PointsUpdateOperation.OverwritePayload.newBuilder()
                .putAllPayload(payload(state, fence))
                .setPointsSelector(PointsSelector.newBuilder().setFilter(admitted)))
        .build();
  }

  private static Map<String, Value> payload(ProductState state, Fence fence) {
    Map<String, Value> payload = ProductPoints.payload(state);
    payload.put(Fence.FIELD, fence.value());
    return payload;
  }
}
