package io.vectorstream.search;

import io.vectorstream.config.Settings;
import io.vectorstream.search.Recommendations.Strategy;
import io.vectorstream.store.Candidate;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.Target;
import io.vectorstream.store.Purchases;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recommends products: like another one, to a user, or whatever is in demand now. */
public final class Recommender {

  /** Of so many products for each that is wanted, variety chooses. */
  private static final int VARIETY_POOL = 5;

  /**
   * Of so many, popularity chooses: somebody may be interested in several things, and the nearest
   * products may all be about one of them.
   */
  private static final int POPULARITY_POOL = 100;

  /** No more candidates than this are asked for, unless more products are wanted. */
  private static final int LARGEST_POOL = 1000;

  private final VectorStore store;
  private final double popularity;
  private final ProductQueries products;
  private final ProductCollection stored;
  private final UserCollection users;

  public Recommender(VectorStore store, Settings.Recommend settings) {
    this.store = store;
    this.popularity = settings.popularity();
    this.products = new ProductQueries(store);
    this.stored = new ProductCollection(store);
    this.users = new UserCollection(store);
  }

  /**
   * Products like this one, without itself. Scores are cosine similarities to it.
   *
   * @param diversity how much variety counts against likeness, from 0, for the nearest products
   *     with the nearest first, to 1
   * @throws NotFoundException if the product is not stored, or has no embedding
   * @throws IllegalArgumentException if the diversity is not from 0 to 1
   */
  public List<ProductHit> forProduct(
      String productId, SearchFilter filter, int limit, double diversity) {
    if (stored.vectors(List.of(productId)).isEmpty()) {
      throw new NotFoundException(
          stored.contains(productId)
              ? "product '%s' has no embedding: its text still waits for one, or the model fails on it"
                  .formatted(productId)
              : "product '%s' is not stored".formatted(productId));
    }
    return near(Target.ofProduct(productId), filter, Purchases.NONE, limit, 0, diversity);
  }

  /**
   * Products near a user's interest, without what the user bought; what is trending for somebody
   * who is unknown, or has shown no interest in anything yet. Scores are cosine similarities to the
   * interest; as the settings say, popularity counts beside them for what is chosen.
   *
   * @param diversity as in {@link #forProduct}; what is trending takes no notice of it
   * @throws IllegalArgumentException if the diversity is not from 0 to 1
   */
  public Recommendations forUser(String userId, SearchFilter filter, int limit, double diversity) {
    Purchases bought = Purchases.of(userId, store);
    Optional<float[]> interest = users.interest(userId);
    return interest.isEmpty()
        ? new Recommendations(
            Strategy.TRENDING, products.trending(filter, bought, limit, Instant.now()))
        : new Recommendations(
            Strategy.INTEREST,
            near(Target.of(interest.get()), filter, bought, limit, popularity, diversity));
  }

  /**
   * The products in most demand now, the most wanted first. Scores are what was done with them,
   * weighed, each action counting half as much an hour later; products that nobody has shown an
   * interest in are left out.
   */
  public List<ProductHit> trending(SearchFilter filter, int limit) {
    return products.trending(filter, Purchases.NONE, limit, Instant.now());
  }

  private List<ProductHit> near(
      Target target,
      SearchFilter filter,
      Purchases purchases,
      int limit,
      double popularity,
      double diversity) {
    if (!(diversity >= 0 && diversity <= 1)) {
      throw new IllegalArgumentException("diversity is " + diversity + ", expected 0 to 1");
    }
    int pool = diversity == 0 ? limit : pool(VARIETY_POOL, limit);
    List<Candidate> candidates =
        popularity == 0
            ? products.candidates(target, filter, purchases, pool, 0)
            : products
                .candidates(target, filter, purchases, pool(POPULARITY_POOL, limit), popularity)
                .stream()
                .sorted(Comparator.comparingDouble(Candidate::relevance).reversed())
                .limit(pool)
                .toList();
    if (diversity == 0) {
      return candidates.stream().map(Candidate::hit).toList();
    }
    return MarginalRelevance.choose(candidates, vectors(candidates), limit, diversity);
  }

  private static int pool(int each, int limit) {
    return Math.max(limit, (int) Math.min((long) each * limit, LARGEST_POOL));
  }

  /**
   * Asks for the candidates' embeddings apart, because they are most of an answer, and only few of
   * the candidates need theirs.
   */
  private Map<String, float[]> vectors(List<Candidate> candidates) {
    return stored.vectors(candidates.stream().map(candidate -> candidate.hit().id()).toList());
  }
}
