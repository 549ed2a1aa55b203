package io.vectorstream.store;

import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.matchKeywords;
import static io.qdrant.client.ConditionFactory.range;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.collect.Lists;
import io.qdrant.client.QueryFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.SearchParams;
import io.vectorstream.merge.Listing;
import io.vectorstream.merge.Trend;
import io.vectorstream.shop.Product;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The queries for products: by similarity, by demand, or by the number of events. */
public final class ProductQueries {

  /** The number of products in a page, when many of the first ones are known. */
  private static final int PAGE = 1_000;

  /** The end of a search: a user who knows all of these is recommended fewer than asked for. */
  private static final int FURTHEST = 100_000;

  /** The payload fields of a hit. Descriptions are most of a product, and may be long. */
  static final List<String> BRIEF =
      List.of(Field.PRODUCT_ID, Field.PRODUCT_NAME, Field.PRODUCT_CATEGORY, Field.PRODUCT_PRICE);

  /** The same, and what is needed to know a product's demand. */
  private static final List<String> DEMAND =
      Stream.concat(BRIEF.stream(), Stream.of(ProductPoints.TREND, Field.BATCH)).toList();

  /** The condition for products that shoppers do not get to see. */
  private static final Condition UNSEEN =
      matchKeywords(
          Field.LISTING, List.of(Listing.Status.HIDDEN.json(), Listing.Status.RETIRED.json()));

  /** How long the popularity of a product is taken as it was read: it grows by the logarithm. */
  private static final Duration POPULARITY_KEPT = Duration.ofSeconds(30);

  /** The products whose popularity is kept, some 100 B each. */
  private static final int POPULARITIES = 200_000;

  private final VectorStore store;

  /** The doublings of products' numbers of events. A server decodes a whole point to read one. */
  private final Cache<PointId, Double> doublings =
      Caffeine.newBuilder().maximumSize(POPULARITIES).expireAfterWrite(POPULARITY_KEPT).build();

  public ProductQueries(VectorStore store) {
    this.store = store;
  }

  /** The vector, or the product, that products are compared with. */
  public static final class SearchTarget {
    private final Query query;

    private SearchTarget(Query query) {
      this.query = query;
    }

    /**
     * @param vector {@code float[384]} for the bundled model, L2-normalised
     */
    public static SearchTarget of(float[] vector) {
      return new SearchTarget(QueryFactory.nearest(vector));
    }

    /** Returns the embedding of a stored product as a target; the product itself is not found. */
    public static SearchTarget ofProduct(String productId) {
      return new SearchTarget(QueryFactory.nearest(PointIds.point(productId)));
    }
  }

  /** Returns the products nearest to a target, nearest first; scores are cosine similarities. */
  public List<ProductHit> nearest(SearchTarget target, SearchFilter filter, int limit) {
    return hits(request(target, conditions(filter).build(), 0, limit, BRIEF));
  }

  /**
   * Returns the same by a comparison with every product, where {@link #nearest} may follow a graph:
   * it shows how many of the nearest that misses.
   */
  public List<ProductHit> exactlyNearest(SearchTarget target, SearchFilter filter, int limit) {
    return hits(
        request(target, conditions(filter).build(), 0, limit, BRIEF)
            .setParams(SearchParams.newBuilder().setExact(true)));
  }

  private List<ProductHit> hits(QueryPoints.Builder request) {
    return query(request).stream()
        .map(point -> hit(point.getPayloadMap(), point.getScore()))
        .toList();
  }

  /**
   * Returns candidates near a target, without known products: of the nearest ones, those of the
   * highest relevance, the highest first. If many of them are known, reads on, page by page, but no
   * further than {@value #FURTHEST} products.
   *
   * @param nearest the number of products among which relevance decides
   * @param limit the number of candidates
   * @param ranking decides beside nearness; numbers of events may be half a minute old
   */
  public List<Candidate> candidates(
      SearchTarget target,
      SearchFilter filter,
      KnownProducts known,
      int nearest,
      int limit,
      Ranking ranking) {
    Filter conditions = conditions(filter).build();
    Map<PointId, Double> extra = new HashMap<>();
    ranking.extra().forEach((id, more) -> extra.put(PointIds.point(id), more));
    Map<String, Candidate> found = new LinkedHashMap<>();
    int offset = 0;
    int size = nearest;
    boolean isMore = true;
    while (isMore && found.size() < limit && offset < FURTHEST) {
      List<ScoredPoint> page = query(request(target, conditions, offset, size, List.of()));
      List<ScoredPoint> all = offset > 0 ? page : withAll(extra.keySet(), page, target, filter);
      Map<PointId, Double> demand =
          ranking.popularity() == 0
              ? Map.of()
              : doublings(Lists.transform(all, ScoredPoint::getId));
      List<Ranked> ranked =
          all.stream()
              .map(
                  point ->
                      ranked(
                          point,
                          ranking.popularity() * demand.getOrDefault(point.getId(), 0.0)
                              + extra.getOrDefault(point.getId(), 0.0)))
              .sorted(Comparator.comparingDouble(Ranked::relevance).reversed())
              .toList();
      int from = 0;
      int atOnce = limit;
      while (from < ranked.size() && found.size() < limit) {
        List<Ranked> some = ranked.subList(from, Math.min(from + atOnce, ranked.size()));
        unknown(some, known).forEach(one -> found.putIfAbsent(one.hit().id(), one));
        from += some.size();
        // The user knows much: a call asks about more.
        atOnce = Math.max(limit, PAGE);
      }
      isMore = page.size() == size;
      offset += size;
      size = Math.max(nearest, PAGE);
    }
    return found.values().stream()
        .sorted(Comparator.comparingDouble(Candidate::relevance).reversed())
        .limit(limit)
        .toList();
  }

  /** Returns what was found together with those of these products that pass the filter. */
  private List<ScoredPoint> withAll(
      Set<PointId> products, List<ScoredPoint> found, SearchTarget target, SearchFilter filter) {
    Set<PointId> missing = new HashSet<>(products);
    found.forEach(point -> missing.remove(point.getId()));
    if (missing.isEmpty()) {
      return found;
    }
    Filter among = conditions(filter).addMust(hasId(List.copyOf(missing))).build();
    List<ScoredPoint> all = new ArrayList<>(found);
    all.addAll(query(request(target, among, 0, missing.size(), List.of())));
    return all;
  }

  /** A product that was found, of which only its place and its popularity are known. */
  private record Ranked(PointId id, double cosine, double relevance) {}

  private static Ranked ranked(ScoredPoint point, double more) {
    return new Ranked(point.getId(), point.getScore(), point.getScore() + more);
  }

  /** Returns how often the numbers of events of these products have doubled. */
  private Map<PointId, Double> doublings(List<PointId> products) {
    Map<PointId, Double> known = new HashMap<>(doublings.getAllPresent(products));
    List<PointId> unknown = products.stream().filter(id -> !known.containsKey(id)).toList();
    if (!unknown.isEmpty()) {
      Map<PointId, Double> read = new HashMap<>();
      payloads(unknown, List.of(Field.COUNTS))
          .forEach((id, payload) -> read.put(id, doublings(payload.get(Field.COUNTS))));
      doublings.putAll(read);
      known.putAll(read);
    }
    return known;
  }

  private Map<PointId, Map<String, Value>> payloads(List<PointId> products, List<String> fields) {
    Map<PointId, Map<String, Value>> payloads = new HashMap<>();
    store
        .await(
            store.retrieve(
                store.collections().products(),
                products,
                WithPayloadSelectorFactory.include(fields),
                WithVectorsSelectorFactory.enable(false)))
        .forEach(point -> payloads.put(point.getId(), point.getPayloadMap()));
    return payloads;
  }

  private List<Candidate> unknown(List<Ranked> some, KnownProducts known) {
    Map<PointId, Map<String, Value>> payloads = payloads(Lists.transform(some, Ranked::id), BRIEF);
    List<Candidate> candidates =
        some.stream()
            .filter(one -> payloads.containsKey(one.id()))
            .map(one -> new Candidate(hit(payloads.get(one.id()), one.cosine()), one.relevance()))
            .toList();
    Set<String> familiar = known.among(Lists.transform(candidates, one -> one.hit().id()));
    return candidates.stream().filter(one -> !familiar.contains(one.hit().id())).toList();
  }

  /** Returns the logarithm to the base 2 of one more than the events that a product has. */
  private static double doublings(Value counts) {
    return Math.log1p(Payload.counts(counts).total()) / Math.log(2);
  }

  private QueryPoints.Builder request(
      SearchTarget target, Filter filter, int offset, int limit, List<String> fields) {
    return QueryPoints.newBuilder()
        .setCollectionName(store.collections().products())
        .setQuery(target.query)
        .setFilter(filter)
        .setOffset(offset)
        .setLimit(limit)
        .setWithPayload(
            fields.isEmpty()
                ? WithPayloadSelectorFactory.enable(false)
                : WithPayloadSelectorFactory.include(fields))
        .setWithVectors(WithVectorsSelectorFactory.enable(false));
  }

  private List<ScoredPoint> query(QueryPoints.Builder request) {
    QueryPoints query = request.build();
    return store.ask(client -> client.queryAsync(query));
  }

  /**
   * Returns the products in most demand, the highest demand first, without known products and those
   * without any demand. Reads on as {@link #candidates} does.
   */
  public List<ProductHit> trending(
      SearchFilter filter, KnownProducts known, int limit, Instant now) {
    List<ProductHit> found = new ArrayList<>();
    // A product that was counted with a time from the future would come first until then.
    double most = Trend.largest(now);
    List<PointId> seenWithMost = new ArrayList<>();
    int read = 0;
    int size = limit;
    boolean isMore = true;
    while (isMore && found.size() < limit && read < FURTHEST) {
      List<RetrievedPoint> page = trendingPage(filter, most, seenWithMost, size);
      List<ProductHit> hits = page.stream().map(point -> trendingHit(point, now)).toList();
      Set<String> familiar = known.among(Lists.transform(hits, ProductHit::id));
      hits.stream().filter(hit -> !familiar.contains(hit.id())).forEach(found::add);
      // An ordered scroll has no pages of its own: the next one begins at this one's last value.
      for (RetrievedPoint point : page) {
        double trend = Payload.asDouble(point.getPayloadMap().get(ProductPoints.TREND));
        if (trend != most) {
          most = trend;
          seenWithMost.clear();
        }
        seenWithMost.add(point.getId());
      }
      isMore = page.size() == size;
      read += size;
      size = Math.max(limit, PAGE);
    }
    return found.stream().limit(limit).toList();
  }

  /**
   * A product and its demand.
   *
   * @param hit with the score at the time that was asked for
   * @param trend the logarithm of its demand, as {@link Trend} has it
   * @param batch the last batch that changed it; empty if none has
   */
  public record Demanded(ProductHit hit, double trend, String batch) {}

  /** Returns the products in most demand, the highest demand first. */
  public List<Demanded> demanded(SearchFilter filter, int limit, Instant now) {
    return trendingPage(filter, Trend.largest(now), List.of(), limit).stream()
        .map(point -> demanded(point.getPayloadMap(), now))
        .toList();
  }

  /** Returns those of these products that are stored and pass the filter, in any order. */
  public List<Demanded> demandedAmong(SearchFilter filter, List<String> productIds, Instant now) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setFilter(
                conditions(filter)
                    .addMust(hasId(productIds.stream().map(PointIds::point).toList())))
            .setLimit(productIds.size())
            .setWithPayload(WithPayloadSelectorFactory.include(DEMAND))
            .build();
    double largest = Trend.largest(now);
    return store.ask(client -> client.scrollAsync(request)).getResultList().stream()
        .map(point -> demanded(point.getPayloadMap(), now))
        .filter(product -> product.trend() <= largest)
        .toList();
  }

  /** Returns those of these products that are stored and pass the filter, by their ids. */
  public Map<String, ProductHit> among(SearchFilter filter, Collection<String> productIds) {
    Map<String, ProductHit> hits = new HashMap<>();
    for (List<String> some : Lists.partition(List.copyOf(productIds), PAGE)) {
      ScrollPoints request =
          ScrollPoints.newBuilder()
              .setCollectionName(store.collections().products())
              .setFilter(
                  conditions(filter).addMust(hasId(some.stream().map(PointIds::point).toList())))
              .setLimit(some.size())
              .setWithPayload(WithPayloadSelectorFactory.include(BRIEF))
              .build();
      store.ask(client -> client.scrollAsync(request)).getResultList().stream()
          .map(point -> hit(point.getPayloadMap(), 0))
          .forEach(hit -> hits.put(hit.id(), hit));
    }
    return hits;
  }

  private static Demanded demanded(Map<String, Value> payload, Instant now) {
    double trend =
        payload.containsKey(ProductPoints.TREND)
            ? Payload.asDouble(payload.get(ProductPoints.TREND))
            : Trend.NONE;
    return new Demanded(
        hit(payload, Trend.score(trend, now)), trend, EventCollection.batch(payload));
  }

  private List<RetrievedPoint> trendingPage(
      SearchFilter filter, double most, List<PointId> without, int limit) {
    Filter.Builder conditions =
        conditions(filter)
            .addMust(range(ProductPoints.TREND, Range.newBuilder().setLte(most).build()));
    if (!without.isEmpty()) {
      conditions.addMustNot(hasId(without));
    }
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().products())
            .setFilter(conditions)
            .setOrderBy(
                OrderBy.newBuilder().setKey(ProductPoints.TREND).setDirection(Direction.Desc))
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.include(DEMAND))
            .build();
    return store.ask(client -> client.scrollAsync(request)).getResultList();
  }

  private static ProductHit trendingHit(RetrievedPoint point, Instant now) {
    Map<String, Value> payload = point.getPayloadMap();
    return hit(payload, Trend.score(Payload.asDouble(payload.get(ProductPoints.TREND)), now));
  }

  static Filter.Builder conditions(SearchFilter filter) {
    Filter.Builder conditions = Filter.newBuilder().addMustNot(UNSEEN);
    filter
        .category()
        .ifPresent(
            category ->
                conditions.addMust(
                    matchKeyword(Field.CATEGORIES, category.strip().toLowerCase(Locale.ROOT))));
    Range.Builder price = Range.newBuilder();
    filter.minPrice().ifPresent(price::setGte);
    filter.maxPrice().ifPresent(price::setLte);
    if (price.hasGte() || price.hasLte()) {
      conditions.addMust(range(Field.PRODUCT_PRICE, price.build()));
    }
    return conditions;
  }

  static ProductHit hit(Map<String, Value> payload, double score) {
    Product product = Payload.product(payload.get(Field.PRODUCT));
    return new ProductHit(product.id(), product.name(), product.category(), product.price(), score);
  }
}
