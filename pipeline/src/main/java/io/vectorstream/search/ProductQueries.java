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
import io.vectorstream.store.PointIds;
import io.vectorstream.store.PointVectors;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Asks the store for products. */
final class ProductQueries {

  private static final String TREND = "trend";

  /** What a hit tells. Descriptions are most of a product, and may be long. */
  private static final List<String> BRIEF =
      List.of("product.id", "product.name", "product.category", "product.price");

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
    return query(query, conditions(filter, without), limit, BRIEF).stream()
        .map(point -> hit(point.getPayloadMap(), point.getScore()))
        .toList();
  }

  /**
   * The same as something to choose from.
   *
   * @param popularity what is added to a cosine each time that a product's events double
   */
  List<Candidate> candidates(
      Query query, SearchFilter filter, List<PointId> without, int limit, double popularity) {
    return query(query, conditions(filter, without), limit, with("counts")).stream()
        .map(
            point -> {
              Map<String, Value> payload = point.getPayloadMap();
              return new Candidate(
                  hit(payload, point.getScore()),
                  point.getScore() + popularity * doublings(payload.get("counts")));
            })
        .toList();
  }

  /**
   * The embeddings of products, {@code float[384]} each, by the products' ids. They are asked for
   * apart, because they are most of an answer, and only few of the candidates need theirs.
   */
  Map<String, float[]> vectors(List<Candidate> candidates) {
    Map<PointId, String> ids = new HashMap<>();
    candidates.forEach(one -> ids.put(PointIds.point(one.hit().id()), one.hit().id()));
    Map<String, float[]> vectors = new HashMap<>();
    store
        .ask(
            client ->
                client.retrieveAsync(
                    store.collections().products(), List.copyOf(ids.keySet()), false, true, null))
        .forEach(point -> vectors.put(ids.get(point.getId()), PointVectors.of(point)));
    return vectors;
  }

  private static List<String> with(String field) {
    return Stream.concat(BRIEF.stream(), Stream.of(field)).toList();
  }

  /** The logarithm to the base 2 of one more than the events that a product has. */
  private static double doublings(Value counts) {
    long events =
        counts.getStructValue().getFieldsMap().values().stream()
            .mapToLong(Value::getIntegerValue)
            .sum();
    return Math.log1p(events) / Math.log(2);
  }

  private List<ScoredPoint> query(Query query, Filter filter, int limit, List<String> fields) {
    QueryPoints request =
        QueryPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setQuery(query)
            .setFilter(filter)
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.include(fields))
            .setWithVectors(WithVectorsSelectorFactory.enable(false))
            .build();
    return store.ask(client -> client.queryAsync(request));
  }

  /** The products in most demand, the most wanted first; those nobody has wanted are left out. */
  List<ProductHit> trending(SearchFilter filter, List<PointId> without, int limit, Instant now) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setFilter(
                conditions(filter, without).toBuilder()
                    // One that was counted with a time from the future would lead until then.
                    .addMust(range(TREND, Range.newBuilder().setLte(Trend.largest(now)).build())))
            .setOrderBy(OrderBy.newBuilder().setKey(TREND).setDirection(Direction.Desc))
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.include(with(TREND)))
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
