package io.vectorstream.store;

import static io.qdrant.client.ConditionFactory.hasId;

import io.qdrant.client.QueryFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.Fusion;
import io.qdrant.client.grpc.Points.PrefetchQuery;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.VectorInput;
import io.vectorstream.words.ProductWords;
import io.vectorstream.words.WordVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The search for products by their meaning and by their words at once. The server makes one ranking
 * of each, and one more of the products that have a part number of the text, and fuses them by
 * reciprocal rank (G. Cormack, C. Clarke and S. Büttcher, "Reciprocal Rank Fusion outperforms
 * Condorcet and individual Rank Learning Methods", 2009).
 */
public final class HybridQueries {

  /** The products of each ranking that are fused, at least. */
  private static final int CANDIDATES = 100;

  /** The characters of the longest text that is looked up as an id. */
  private static final int LONGEST_ID = 512;

  private final VectorStore store;
  private final ProductWords words;

  /**
   * @param store a hybrid one
   */
  public HybridQueries(VectorStore store) {
    this.store = store;
    this.words = store.words();
  }

  /**
   * Checks that products can be found by their words.
   *
   * @throws StoreException if the collection is there and has no words
   */
  public void requireWords() {
    WordsSchema.require(store);
  }

  /**
   * Returns the products that fit a text, the best first. The product whose id the text is comes
   * first of all.
   *
   * @param vector the embedding of the text, {@code float[384]} for the bundled model
   * @return scores are sums of reciprocal ranks, {@code 1 / (rank + 1)} for each ranking that has
   *     the product, where the first rank is 1; the product of the id has no less than any other
   */
  public List<ProductHit> fitting(String text, float[] vector, SearchFilter filter, int limit) {
    Filter conditions = ProductQueries.conditions(filter).build();
    String id = text.strip();
    CompletableFuture<ScrollResponse> byId =
        id.isEmpty() || id.length() > LONGEST_ID ? null : lookUp(id, filter);
    QueryPoints query = fused(text, vector, conditions, limit);
    List<ProductHit> hits =
        store.ask(client -> client.queryAsync(query)).stream()
            .map(point -> ProductQueries.hit(point.getPayloadMap(), point.getScore()))
            .toList();
    return named(byId, id).map(named -> withFirst(named, hits, limit)).orElse(hits);
  }

  private CompletableFuture<ScrollResponse> lookUp(String id, SearchFilter filter) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setFilter(ProductQueries.conditions(filter).addMust(hasId(PointIds.point(id))))
            .setLimit(1)
            .setWithPayload(WithPayloadSelectorFactory.include(ProductQueries.BRIEF))
            .build();
    return store.submit(client -> client.scrollAsync(request));
  }

  private Optional<ProductHit> named(CompletableFuture<ScrollResponse> byId, String id) {
    if (byId == null) {
      return Optional.empty();
    }
    return store.await(byId).getResultList().stream()
        .map(point -> ProductQueries.hit(point.getPayloadMap(), 0))
        .filter(hit -> hit.id().equals(id))
        .findFirst();
  }

  private static List<ProductHit> withFirst(ProductHit named, List<ProductHit> hits, int limit) {
    double best = hits.isEmpty() ? 0 : hits.get(0).score();
    List<ProductHit> all = new ArrayList<>(List.of(named.withScore(best)));
    hits.stream().filter(hit -> !hit.id().equals(named.id())).forEach(all::add);
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }

  private QueryPoints fused(String text, float[] vector, Filter conditions, int limit) {
    int candidates = Math.max(CANDIDATES, limit);
    QueryPoints.Builder query =
        QueryPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .addPrefetch(ranking(QueryFactory.nearest(vector), "", conditions, candidates))
            .setQuery(QueryFactory.fusion(Fusion.RRF))
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.include(ProductQueries.BRIEF))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    for (WordVector some : List.of(words.ofSearch(text), words.partNumbers(text))) {
      if (!some.isEmpty()) {
        Query nearest =
            QueryFactory.nearest(
                VectorInput.newBuilder().setSparse(PointVectors.sparse(some)).build());
        query.addPrefetch(ranking(nearest, PointVectors.WORDS, conditions, candidates));
      }
    }
    return query.build();
  }

  private static PrefetchQuery ranking(
      Query query, String vectorName, Filter conditions, int candidates) {
    PrefetchQuery.Builder ranking =
        PrefetchQuery.newBuilder().setQuery(query).setFilter(conditions).setLimit(candidates);
    return vectorName.isEmpty() ? ranking.build() : ranking.setUsing(vectorName).build();
  }
}
