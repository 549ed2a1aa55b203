package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.LookupLocation;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPointGroups;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RecommendInput;
import io.qdrant.client.grpc.Points.RecommendStrategy;
import io.qdrant.client.grpc.Points.ScoredPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Answers queries: nearest, recommend, ordered by a field, or simply by id. */
final class Queries {

  private static final long DEFAULT_LIMIT = 10;

  private final CollectionRegistry registry;

  Queries(CollectionRegistry registry) {
    this.registry = registry;
  }

  List<ScoredPoint> query(QueryPoints request) {
    StoredCollection collection = registry.get(request.getCollectionName());
    if (request.getPrefetchCount() > 0) {
      throw Refusal.unsupported("A query with prefetch");
    }
    Selection selection = Selection.of(collection, request.getFilter());
    long limit = request.hasLimit() ? request.getLimit() : DEFAULT_LIMIT;
    StrictMode strict = StrictMode.of(collection);
    strict.checkLimit(limit);
    strict.checkRead(request.getFilter());
    strict.checkSearch(request.getParams());
    strict.checkTimeout(request.hasTimeout(), request.getTimeout());
    List<ScoredHit> hits;
    if (request.getQuery().hasOrderBy()) {
      hits =
          Ordering.of(collection, request.getQuery().getOrderBy())
              .first(selection, request.getOffset() + limit)
              .stream()
              .skip(request.getOffset())
              .toList();
    } else if (!request.hasQuery()) {
      hits = byId(selection, request.getOffset(), limit);
    } else {
      hits =
          search(
                  collection,
                  request.getQuery(),
                  request.getUsing(),
                  request.getLookupFrom(),
                  selection,
                  request.hasScoreThreshold() ? request.getScoreThreshold() : null)
              .run(request.getOffset(), limit);
    }
    Answer answer =
        new Answer(
            collection,
            PayloadSelector.of(request.hasWithPayload(), request.getWithPayload(), false),
            request.getWithVectors());
    return hits.stream().map(answer::scored).toList();
  }

  private static List<ScoredHit> byId(Selection selection, long offset, long limit) {
    List<ScoredHit> hits = new ArrayList<>();
    long[] skip = {offset};
    if (limit > 0) {
      selection.forEach(
          null,
          point -> {
            if (skip[0] > 0) {
              skip[0]--;
            } else {
              hits.add(new ScoredHit(point, 1, null));
            }
            return hits.size() < limit;
          });
    }
    return hits;
  }

  /** Hands over the hits of a grouped query, best first, until {@code more} answers false. */
  void forEach(StoredCollection collection, QueryPointGroups request, Predicate<ScoredHit> more) {
    if (request.getPrefetchCount() > 0) {
      throw Refusal.unsupported("A query with prefetch");
    }
    StrictMode strict = StrictMode.of(collection);
    strict.checkRead(request.getFilter());
    strict.checkSearch(request.getParams());
    strict.checkTimeout(request.hasTimeout(), request.getTimeout());
    Selection selection = Selection.of(collection, request.getFilter());
    if (!request.hasQuery()) {
      selection.forEach(null, point -> more.test(new ScoredHit(point, 1, null)));
      return;
    }
    search(
            collection,
            request.getQuery(),
            request.getUsing(),
            request.getLookupFrom(),
            selection,
            request.hasScoreThreshold() ? request.getScoreThreshold() : null)
        .forEach(more);
  }

  private Search search(
      StoredCollection collection,
      Query query,
      String using,
      LookupLocation lookup,
      Selection selection,
      Float threshold) {
    String kind =
        switch (query.getVariantCase()) {
          case NEAREST, RECOMMEND -> null;
          case VARIANT_NOT_SET -> throw Refusal.invalid("Query variant is missing");
          case ORDER_BY -> "A grouped query ordered by a field";
          default -> "A query of the kind " + query.getVariantCase().name().toLowerCase();
        };
    if (kind != null) {
      throw Refusal.unsupported(kind);
    }
    StrictMode.of(collection).checkGraph();
    VectorSpec spec = collection.vector(using);
    Examples examples = new Examples(registry, collection, spec, lookup);
    boolean nearest = true;
    Similarity similarity;
    if (query.hasNearest()) {
      similarity = examples.nearest(query.getNearest());
    } else {
      RecommendInput input = query.getRecommend();
      similarity =
          examples.recommend(input.getPositiveList(), input.getNegativeList(), input.getStrategy());
      nearest = input.getStrategy() == RecommendStrategy.AverageVector;
    }
    return new Search(collection, spec, similarity, nearest, examples.ids(), selection, threshold);
  }
}
