package io.vectorstream.local.store;

import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PrefetchQuery;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.Query.VariantCase;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.Rrf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The fusion of rankings by reciprocal rank, as Qdrant 1.18 computes it: a point's score is the sum
 * of {@code 1 / ((rank + 1) / weight + k - 1)} over the rankings that have it, the first rank being
 * 0. Points with equal scores come in the order of their ids.
 */
final class Fusion {

  private static final Set<String> OPTIONS = Set.of("query", "using", "filter", "params", "limit");

  /** What Qdrant takes where a request does not say. */
  private static final int DEFAULT_K = 2;

  private Fusion() {}

  static boolean isAsked(QueryPoints request) {
    return request.getPrefetchCount() > 0
        || request.getQuery().getVariantCase() == VariantCase.FUSION
        || request.getQuery().getVariantCase() == VariantCase.RRF;
  }

  /**
   * @throws io.grpc.StatusRuntimeException UNIMPLEMENTED for another use of rankings than their
   *     fusion by reciprocal rank
   */
  static List<Search.Found> of(StoredCollection collection, QueryPoints request, long limit) {
    Rrf how = how(request.getQuery());
    if (request.getPrefetchCount() == 0) {
      throw Refusal.invalid("Validation failed: cannot apply Fusion without prefetches");
    }
    int k = how.hasK() ? how.getK() : DEFAULT_K;
    if (how.getWeightsCount() > 0 && how.getWeightsCount() != request.getPrefetchCount()) {
      throw Refusal.invalid(
          "Number of weights in RRF should match number of pre-fetches: got %d, expected %d"
              .formatted(how.getWeightsCount(), request.getPrefetchCount()));
    }
    Map<PointKey, Search.Found> fused = new HashMap<>();
    for (int i = 0; i < request.getPrefetchCount(); i++) {
      float weight = how.getWeightsCount() > 0 ? how.getWeights(i) : 1;
      List<Search.Found> ranking = ranking(collection, request.getPrefetch(i), request.getFilter());
      for (int rank = 0; rank < ranking.size(); rank++) {
        StoredPoint point = ranking.get(rank).point();
        fused.merge(
            point.key(),
            new Search.Found(point, score(rank, k, weight)),
            (one, other) -> new Search.Found(one.point(), one.score() + other.score()));
      }
    }
    return fused.values().stream()
        .sorted(
            Comparator.comparing(Search.Found::score, Comparator.reverseOrder())
                .thenComparing(found -> found.point().key()))
        .skip(request.getOffset())
        .limit(limit)
        .toList();
  }

  private static float score(int rank, int k, float weight) {
    return weight <= 0 ? 0 : 1 / ((rank + 1) / weight + k - 1);
  }

  private static Rrf how(Query query) {
    return switch (query.getVariantCase()) {
      case RRF -> query.getRrf();
      case FUSION -> {
        if (query.getFusion() != io.qdrant.client.grpc.Points.Fusion.RRF) {
          throw Refusal.unsupported("A fusion of the kind " + query.getFusion());
        }
        yield Rrf.getDefaultInstance();
      }
      default ->
          throw Refusal.unsupported(
              "A prefetch for a query of the kind "
                  + query.getVariantCase().name().toLowerCase(Locale.ROOT));
    };
  }

  private static List<Search.Found> ranking(
      StoredCollection collection, PrefetchQuery prefetch, Filter ofAll) {
    Refusal.checkOptions("a prefetch", prefetch, OPTIONS);
    return Search.ranked(
        collection,
        prefetch.getQuery(),
        prefetch.getUsing(),
        both(ofAll, prefetch.getFilter()),
        0,
        prefetch.hasLimit() ? prefetch.getLimit() : Search.DEFAULT_LIMIT);
  }

  /**
   * Returns the filter that lets through what both do: that of the query holds for each ranking.
   */
  private static Filter both(Filter one, Filter other) {
    List<Filter> given = new ArrayList<>(List.of(one, other));
    given.removeIf(filter -> filter.equals(Filter.getDefaultInstance()));
    if (given.size() < 2) {
      return given.isEmpty() ? Filter.getDefaultInstance() : given.get(0);
    }
    Filter.Builder both = Filter.newBuilder();
    given.forEach(filter -> both.addMust(Condition.newBuilder().setFilter(filter)));
    return both.build();
  }
}
