package io.vectorstream.search;

import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.range;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.merge.Trend;
import io.vectorstream.store.PointVectors;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Asks the store for products. */
final class ProductQueries {

  private static final String TREND = "trend";

  private final VectorStore store;

  ProductQueries(VectorStore store) {
    this.store = store;
  }

  /**
   * The products nearest to something, the nearest first.
   *
   * @param without these are left out
   */
  List<ProductHit> nearest(Query query, SearchFilter filter, List<PointId> without, int limit) {
    return query(query, conditions(filter, without), limit, false).stream()
        .map(point -> hit(point.getPayloadMap(), point.getScore()))
        .toList();
  }

  /**
   * The same as something to choose from.
   *
   * @param vectors whether they come with their vectors, which are most of the answer
   * @param popularity what is added to a cosine each time that a product's events double
   */
  List<Candidate> candidates(
      Query query,
      SearchFilter filter,
      List<PointId> without,
      int limit,
      double popularity,
      boolean vectors) {
    return query(query, conditions(filter, without), limit, vectors).stream()
        .map(
            point -> {
              Map<String, Value> payload = point.getPayloadMap();
              double relevance = point.getScore() + popularity * doublings(payload.get("counts"));
              return new Candidate(
                  hit(payload, point.getScore()), relevance, PointVectors.of(point));
            })
        .toList();
  }

  /** The logarithm to the base 2 of one more than the events that a product has. */
  private static double doublings(Value counts) {
    long events =
        counts.getStructValue().getFieldsMap().values().stream()
            .mapToLong(Value::getIntegerValue)
            .sum();
    return Math.log1p(events) / Math.log(2);
  }

  private List<ScoredPoint> query(Query query, Filter filter, int limit, boolean vectors) {
    QueryPoints request =
        QueryPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setQuery(query)
            .setFilter(filter)
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of("product", "counts")))
            .setWithVectors(WithVectorsSelectorFactory.enable(vectors))
            .build();
    return store.ask(client -> client.queryAsync(request));
  }

  /** The products in most demand, the most wanted first; those nobody has wanted are left out. */
  List<ProductHit> trending(SearchFilter filter, List<PointId> without, int limit, Instant now) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setFilter(conditions(filter, without))
            .setOrderBy(OrderBy.newBuilder().setKey(TREND).setDirection(Direction.Desc))
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of("product", TREND)))
            .build();
    return store.ask(client -> client.scrollAsync(request)).getResultList().stream()
        .map(
            point -> {
              Map<String, Value> payload = point.getPayloadMap();
              return hit(payload, Trend.score(number(payload.get(TREND)), now));
            })
        .toList();
  }

  private static Filter conditions(SearchFilter filter, List<PointId> without) {
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
    if (!without.isEmpty()) {
      conditions.addMustNot(hasId(without));
    }
    return conditions.build();
  }

  private static ProductHit hit(Map<String, Value> payload, double score) {
    Map<String, Value> fields = payload.get("product").getStructValue().getFieldsMap();
    return new ProductHit(
        fields.get("id").getStringValue(),
        fields.get("name").getStringValue(),
        fields.containsKey("category") ? fields.get("category").getStringValue() : null,
        number(fields.get("price")),
        score);
  }

  private static double number(Value value) {
    return value.hasIntegerValue() ? value.getIntegerValue() : value.getDoubleValue();
  }
}
