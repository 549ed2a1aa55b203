package io.vectorstream.search;

import com.google.common.collect.Lists;
import com.google.common.collect.Maps;
import io.vectorstream.config.Settings;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.fresh.FreshTrending;
import io.vectorstream.fresh.FreshUser;
import io.vectorstream.merge.Engagement;
import io.vectorstream.merge.PairSums;
import io.vectorstream.merge.UserState;
import io.vectorstream.search.CoOccurrence.Companion;
import io.vectorstream.search.Recommendations.Strategy;
import io.vectorstream.store.Because;
import io.vectorstream.store.Candidate;
import io.vectorstream.store.KnownProducts;
import io.vectorstream.store.PairCollection;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.SearchTarget;
import io.vectorstream.store.Ranking;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Recommendations of products: similar to a product, for a user, or in demand now. */
public final class Recommender {

  /** The number of candidates for each wanted product, from which diversity chooses. */
  private static final int VARIETY_POOL = 5;

  /**
   * The number of candidates from which popularity chooses: a user may be interested in several
   * things, and the nearest products may all be about one of them.
   */
  private static final int POPULARITY_POOL = 100;

  /** The limit of candidates, unless more products are wanted. */
  private static final int LARGEST_POOL = 1000;

  private final VectorStore store;
  private final Settings.Recommend settings;
  private final ProductQueries products;
  private final ProductCollection stored;
  private final UserCollection users;
  private final CoOccurrence coOccurrence;
  private final FreshEvents fresh;

  /** Recommends by what is stored alone. */
  public Recommender(VectorStore store, Settings.Recommend settings) {
    this(store, settings, FreshEvents.NONE);
  }

  /** Recommends by what is stored, and what no batch has merged yet. */
  public Recommender(VectorStore store, Settings.Recommend settings, FreshEvents fresh) {
    this.fresh = fresh;
    this.store = store;
    this.settings = settings;
    this.products = new ProductQueries(store);
    this.stored = new ProductCollection(store);
    this.users = new UserCollection(store);
    this.coOccurrence = new CoOccurrence(new PairCollection(store));
  }

  /**
   * Returns products similar to this one, without itself. Scores are cosine similarities to it.
   *
   * @param diversity the weight of variety against similarity, from 0, for the nearest products
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
    return near(
        SearchTarget.ofProduct(productId),
        filter,
        KnownProducts.NONE,
        limit,
        Ranking.BY_NEARNESS,
        diversity);
  }

  /**
   * Returns products near a user's interest, without those that the user knows; trending products
   * for a user who is unknown, or has shown no interest yet. Scores are cosine similarities to the
   * interest; as the settings say, popularity counts in the choice as well, and so does what users
   * turned to who also turned to the last products of this one.
   *
   * @param diversity as in {@link #forProduct}; not used for trending products
   * @param seenAgain whether only those are left out that the user has bought, and not all that the
   *     user has done anything with
   * @throws IllegalArgumentException if the diversity is not from 0 to 1
   */
  public Recommendations forUser(
      String userId, SearchFilter filter, int limit, double diversity, boolean seenAgain) {
    FreshUser user = fresh.user(userId);
    KnownProducts known =
        seenAgain
            ? KnownProducts.boughtBy(userId, store).and(user.bought())
            : KnownProducts.seenBy(userId, store).and(user.seen());
    Taste taste = taste(userId, user);
    return taste.interest().isEmpty()
        ? new Recommendations(
            Strategy.TRENDING, products.trending(filter, known, limit, Instant.now()), user.fresh())
        : new Recommendations(
            Strategy.INTEREST,
            explained(
                near(
                    SearchTarget.of(taste.interest().get()),
                    filter,
                    known,
                    limit,
                    ranking(taste.companions()),
                    diversity),
                taste.companions()),
            user.fresh());
  }

  /**
   * What decides on the recommendations for a user.
   *
   * @param companions of the user's last products, by id
   */
  private record Taste(Optional<float[]> interest, Map<String, Companion> companions) {}

  private Taste taste(String userId, FreshUser user) {
    if (settings.pairs() == 0 && user.state().isEmpty()) {
      return new Taste(users.interest(userId), Map.of());
    }
    Optional<UserState> state =
        user.state().or(() -> Optional.ofNullable(users.states(List.of(userId)).get(userId)));
    return new Taste(
        state.map(one -> one.interest().direction()),
        settings.pairs() == 0 || state.isEmpty()
            ? Map.of()
            : coOccurrence.companions(
                state.get().lastProducts().stream().map(UserState.Seen::productId).toList()));
  }

  private Ranking ranking(Map<String, Companion> companions) {
    return new Ranking(
        settings.popularity(),
        Maps.transformValues(companions, companion -> settings.pairs() * companion.score()));
  }

  /** Adds to each product which one of the user's it goes with. */
  private List<ProductHit> explained(List<ProductHit> hits, Map<String, Companion> companions) {
    if (companions.isEmpty()) {
      return hits;
    }
    Set<String> seeds =
        hits.stream()
            .map(hit -> companions.get(hit.id()))
            .filter(Objects::nonNull)
            .map(Companion::seed)
            .collect(Collectors.toSet());
    Map<String, ProductHit> known = products.among(SearchFilter.NONE, seeds);
    return hits.stream()
        .map(
            hit -> {
              Companion companion = companions.get(hit.id());
              return companion == null
                  ? hit
                  : hit.because(because(companion.seed(), companion.engagement(), known));
            })
        .toList();
  }

  private static Because because(
      String seed, Engagement engagement, Map<String, ProductHit> known) {
    ProductHit product = known.get(seed);
    return new Because(seed, product == null ? null : product.name(), engagement.json());
  }

  /**
   * Returns products that users bought together with these ones, then those that they put in the
   * cart together with them; the most frequent first. Scores are decayed numbers of users and
   * products of the cart, those who bought them for the first, and those who put them in the cart
   * for the others.
   *
   * @param productIds of a product, or of all in a cart
   */
  public List<ProductHit> together(List<String> productIds, SearchFilter filter, int limit) {
    List<Map.Entry<String, PairSums>> together = coOccurrence.together(productIds);
    Map<String, ProductHit> hits =
        products.among(filter, Lists.transform(together, Map.Entry::getKey));
    return together.stream()
        .filter(one -> hits.containsKey(one.getKey()))
        .limit(limit)
        .map(
            one -> {
              double bought = one.getValue().of(Engagement.BOUGHT);
              return hits.get(one.getKey())
                  .withScore(bought > 0 ? bought : one.getValue().of(Engagement.CARTED));
            })
        .toList();
  }

  /**
   * Returns the products in most demand now, the highest demand first. Scores are weighted counts
   * of actions, each counting half as much an hour later; products without any demand are left out.
   */
  public List<ProductHit> trending(SearchFilter filter, int limit) {
    return trendingNow(filter, limit).products();
  }

  /** Returns the same, and what of it no batch has merged yet. */
  public FreshTrending trendingNow(SearchFilter filter, int limit) {
    Instant now = Instant.now();
    return fresh.trending(
        filter, limit, now, most -> products.trending(filter, KnownProducts.NONE, most, now));
  }

  private List<ProductHit> near(
      SearchTarget target,
      SearchFilter filter,
      KnownProducts known,
      int limit,
      Ranking ranking,
      double diversity) {
    if (!(diversity >= 0 && diversity <= 1)) {
      throw new IllegalArgumentException("diversity is " + diversity + ", expected 0 to 1");
    }
    int pool = diversity == 0 ? limit : pool(VARIETY_POOL, limit);
    int nearest = ranking.popularity() == 0 ? pool : pool(POPULARITY_POOL, limit);
    List<Candidate> candidates = products.candidates(target, filter, known, nearest, pool, ranking);
    if (diversity == 0) {
      return candidates.stream().map(Candidate::hit).toList();
    }
    return MarginalRelevance.choose(candidates, vectors(candidates), limit, diversity);
  }

  private static int pool(int each, int limit) {
    return Math.max(limit, (int) Math.min((long) each * limit, LARGEST_POOL));
  }

  /**
   * Reads the candidates' embeddings in a separate call, because they are most of an answer, and
   * few candidates need them.
   */
  private Map<String, float[]> vectors(List<Candidate> candidates) {
    return stored.vectors(candidates.stream().map(candidate -> candidate.hit().id()).toList());
  }
}
