package io.vectorstream.search;

import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.range;

import io.qdrant.client.QueryFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.EventType;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.PointVectors;
import io.vectorstream.store.VectorStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Finds products: by a text's meaning, by likeness to a product, by a user's interest. */
public final class ProductSearch {

  /**
   * Purchases of one user that are left out of what is recommended to that user; the rest may come
   * up again.
   */
  private static final int MOST_PURCHASES = 1000;

  private final VectorStore store;
  private final Supplier<EmbeddingService> embeddings;

  public ProductSearch(VectorStore store, EmbeddingService embeddings) {
    this(store, () -> embeddings);
  }

  /**
   * @param embeddings asked for by the first search for a text
   */
  public ProductSearch(VectorStore store, Supplier<EmbeddingService> embeddings) {
    this.store = store;
    this.embeddings = embeddings;
  }

  /** Products whose text means about the same as {@code text}, the nearest first. */
  public List<ProductHit> byText(String text, SearchFilter filter, int limit) {
    return nearest(
        QueryFactory.nearest(embeddings.get().embed(List.of(text)).get(0)),
        conditions(filter),
        limit);
  }

  /**
   * Products like this one, without itself, the nearest first.
   *
   * @throws NotFoundException if the product is not stored, or has no embedding
   */
  public List<ProductHit> similarTo(String productId, SearchFilter filter, int limit) {
    PointId point = PointIds.point(productId);
    RetrievedPoint product =
        retrieve(
            store.collections().products(), point, "product '" + productId + "' is not stored");
    if (PointVectors.of(product) == null) {
      throw new NotFoundException(
          "product '"
              + productId
              + "' has no embedding: its text still waits for one, or the model fails on it");
    }
    return nearest(QueryFactory.nearest(point), conditions(filter), limit);
  }

  /**
   * Products near a user's interest, without what the user bought, the nearest first.
   *
   * @throws NotFoundException if the user is not stored, or has shown no interest yet
   */
  public List<ProductHit> forUser(String userId, SearchFilter filter, int limit) {
    RetrievedPoint user =
        retrieve(
            store.collections().users(),
            PointIds.point(userId),
            "user '" + userId + "' has not been seen");
    float[] interest = PointVectors.of(user);
    if (interest == null) {
      throw new NotFoundException("user '" + userId + "' has shown no interest in a product yet");
    }
    return nearest(
        QueryFactory.nearest(interest),
        conditions(filter).addMustNot(hasId(purchases(userId))),
        limit);
  }

  private RetrievedPoint retrieve(String collection, PointId point, String orElse) {
    return store.ask(client -> client.retrieveAsync(collection, point, false, true, null)).stream()
        .findFirst()
        .orElseThrow(() -> new NotFoundException(orElse));
  }

  private List<PointId> purchases(String userId) {
    ScrollPoints scroll =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().events())
            .setFilter(
                Filter.newBuilder()
                    .addMust(matchKeyword("user_id", userId))
                    .addMust(matchKeyword("event_type", EventType.PURCHASE.json())))
            .setLimit(MOST_PURCHASES)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of("product.id")))
            .build();
    return store.ask(client -> client.scrollAsync(scroll)).getResultList().stream()
        .map(point -> text(point.getPayloadMap().get("product"), "id"))
        .distinct()
        .map(PointIds::point)
        .toList();
  }

  private List<ProductHit> nearest(Query query, Filter.Builder filter, int limit) {
    QueryPoints.Builder request =
        QueryPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setQuery(query)
            .setFilter(filter)
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of("product")))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    return store.ask(client -> client.queryAsync(request.build())).stream()
        .map(ProductSearch::hit)
        .toList();
  }

  private static Filter.Builder conditions(SearchFilter filter) {
    Filter.Builder conditions = Filter.newBuilder();
    filter
        .category()
        .ifPresent(
            category ->
                conditions.addMust(
                    matchKeyword("categories", category.strip().toLowerCase(Locale.ROOT))));
    Range.Builder price = Range.newBuilder();
    filter.minPrice().ifPresent(price::setGte);
    filter.maxPrice().ifPresent(price::setLte);
    if (price.hasGte() || price.hasLte()) {
      conditions.addMust(range("product.price", price.build()));
    }
    return conditions;
  }

  private static ProductHit hit(ScoredPoint point) {
    Value product = point.getPayloadMap().get("product");
    Map<String, Value> fields = product.getStructValue().getFieldsMap();
    Value price = fields.get("price");
    return new ProductHit(
        text(product, "id"),
        text(product, "name"),
        fields.containsKey("category") ? text(product, "category") : null,
        price.hasIntegerValue() ? price.getIntegerValue() : price.getDoubleValue(),
        point.getScore());
  }

  private static String text(Value struct, String field) {
    return struct.getStructValue().getFieldsMap().get(field).getStringValue();
  }
}
