package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.merge.Listing;
import io.vectorstream.merge.ProductState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stored products, read and written many at a time. */
public final class ProductCollection {

  private static final Filter PENDING =
      Filter.newBuilder().addMust(ConditionFactory.match(ProductPoints.PENDING, true)).build();

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

  /**
   * The stored ones among some products, by their ids.
   *
   * @param vectors the embeddings; a product without one is not among them
   */
  public record Stored(Map<String, ProductState> states, Map<String, float[]> vectors) {}

  /** Returns the states of the stored ones among these products, by their ids. */
  public Map<String, ProductState> states(List<String> productIds) {
    Map<String, ProductState> states = new HashMap<>();
    for (RetrievedPoint point : retrieve(productIds, true, false)) {
      ProductState state = state(point);
      states.put(id(state), state);
    }
    return states;
  }

  /**
   * Reads products for a writer that is going to change them.
   *
   * @throws FencedException if a later writer has written one of them
   */
  public Stored read(List<String> productIds, Fence fence) {
    Stored stored = new Stored(new HashMap<>(), new HashMap<>());
    for (RetrievedPoint point : retrieve(productIds, true, true)) {
      fence.requireAdmits(point.getPayloadMap(), collection);
      ProductState state = state(point);
      String id = id(state);
      stored.states().put(id, state);
      float[] vector = PointVectors.of(point);
      if (vector != null) {
        stored.vectors().put(id, vector);
      }
    }
    return stored;
  }

  /** Returns the embeddings of the stored ones among these products, by their ids. */
  public Map<String, float[]> vectors(List<String> productIds) {
    Map<String, String> idOfPoint = new HashMap<>();
    productIds.forEach(id -> idOfPoint.put(PointIds.text(id), id));
    Map<String, float[]> vectors = new HashMap<>();
    for (RetrievedPoint point : retrieve(productIds, false, true)) {
      float[] vector = PointVectors.of(point);
      if (vector != null) {
        vectors.put(idOfPoint.get(point.getId().getUuid()), vector);
      }
    }
    return vectors;
  }

  private List<RetrievedPoint> retrieve(List<String> productIds, boolean payload, boolean vectors) {
    if (productIds.isEmpty()) {
      return List.of();
    }
    return store.await(
        store.retrieve(
            collection,
            productIds.stream().map(PointIds::point).toList(),
            WithPayloadSelectorFactory.enable(payload),
            vectors
                ? PointVectors.dense(store.isHybrid())
                : WithVectorsSelectorFactory.enable(false)));
  }

  /** Reads a product's state. Corrects times in the future, which an earlier version stored. */
  private static ProductState state(RetrievedPoint point) {
    return ProductPoints.state(point.getPayloadMap())
        .notFromTheFuture(System.currentTimeMillis() * 1000);
  }

  /** Returns the marks of the stored ones among these products, by their ids. */
  public Map<String, String> marks(List<String> productIds) {
    Map<String, String> marks = new HashMap<>();
    store
        .await(
            store.retrieve(
                collection,
                productIds.stream().map(PointIds::point).toList(),
                WithPayloadSelectorFactory.include(List.of(Field.PRODUCT_ID, Field.BATCH)),
                WithVectorsSelectorFactory.enable(false)))
        .forEach(
            point ->
                marks.put(
                    Payload.productId(point.getPayloadMap()),
                    point.getPayloadMap().get(Field.BATCH).getStringValue()));
    return marks;
  }

  /**
   * Returns products in the order of their points' ids.
   *
   * @param from the first point's id; empty for the first of all
   */
  public StoredPage<ProductState> page(String from, int limit) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.enable(true));
    ScrollResponse page = ScrollPages.page(store, request, from);
    return new StoredPage<>(
        page.getResultList().stream().map(ProductCollection::state).toList(),
        List.of(),
        ScrollPages.next(page));
  }

  /** Returns the number of products, counted by the server. */
  public long count() {
    return store.ask(client -> client.countAsync(collection));
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

  /**
   * Returns the product with the most events among the first {@value ScrollPages#LOOKED_THROUGH}.
   */
  public Optional<ProductState> busiest() {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setWithPayload(WithPayloadSelectorFactory.enable(true));
    return ScrollPages.largest(
        store, request, ProductCollection::state, state -> state.counts().total());
  }

  /** Returns whether a product is stored. */
  public boolean contains(String productId) {
    return !retrieve(List.of(productId), false, false).isEmpty();
  }

  /** Returns the number of products that the products topic has put into this state. */
  public long count(Listing.Status status) {
    Filter filter =
        Filter.newBuilder()
            .addMust(ConditionFactory.matchKeyword(Field.LISTING, status.json()))
            .build();
    return store.ask(client -> client.countAsync(collection, filter, true));
  }

  /** Returns the number of products that have texts waiting for their embedding. */
  public long countPending() {
    return store.ask(client -> client.countAsync(collection, PENDING, true));
  }

  /**
   * Writes products and waits until they are acknowledged. A product that a later writer has
   * written stays as it is. Each is written whole: a server takes the points of one upsert
   * together, but changes of payloads alone one after another.
   *
   * @param vectors the embeddings, by product id; a product without an entry gets no vector
   */
  public void store(List<ProductState> states, Map<String, float[]> vectors, Fence fence) {
    if (states.isEmpty()) {
      return;
    }
    store.upsert(
        UpsertPoints.newBuilder()
            .setCollectionName(collection)
            .setUpdateFilter(fence.admits())
            .addAllPoints(
                states.stream()
                    .map(state -> point(state, vectors.get(id(state)), fence))
                    .toList()));
  }

  private PointStruct point(ProductState state, float[] vector, Fence fence) {
    return PointStruct.newBuilder()
        .setId(PointIds.point(id(state)))
        .setVectors(PointVectors.of(vector, store.words(state.newest().product())))
        .putAllPayload(ProductPoints.payload(state))
        .putPayload(Fence.FIELD, fence.value())
        .build();
  }

  private static String id(ProductState state) {
    return state.newest().product().id();
  }
}
