package io.vectorstream.migration;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.ProductState;
import io.vectorstream.store.EventQueries;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.SearchTarget;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** The comparison of what is near to what, and of what searches find, by two models' vectors. */
public final class ModelComparison {

  /** The nearest products that are compared. */
  public static final int NEAREST = 10;

  /** The products of a sample that lie beside one another by their ids, which are random. */
  private static final int AT_ONCE = 10;

  private static final int EVENTS_LOOKED_AT = 1_000;

  private final Settings settings;
  private final ModelState state;

  /**
   * @param settings those of this process
   * @param state of a migration that has two models
   */
  public ModelComparison(Settings settings, ModelState state) {
    this.settings = settings;
    this.state = state;
  }

  /**
   * The result.
   *
   * @param sampled products that have vectors of both models
   * @param overlap the mean share of their {@value #NEAREST} nearest products that both models
   *     agree about; 0 without any
   * @param searches what each search finds
   * @param withoutSearches why nothing was searched for; empty if it was
   */
  public record Result(
      String inUse,
      String other,
      int sampled,
      double overlap,
      List<Search> searches,
      String withoutSearches) {}

  /**
   * A search's answers by both models, the nearest first.
   *
   * @param overlap the share of the {@value #NEAREST} nearest that both have
   */
  public record Search(
      String query, double overlap, List<ProductHit> inUse, List<ProductHit> other) {}

  /**
   * Compares.
   *
   * @param sample products to compare the neighbours of, at most
   * @param queries to search for; none for some that shoppers have searched for last
   * @param mostQueries of those
   */
  public Result compare(int sample, List<String> queries, int mostQueries, long seed) {
    Settings ofInUse = ModelInUse.settings(settings, state.inUse());
    Settings ofOther = ModelInUse.settings(settings, state.other());
    try (VectorStore inUse = VectorStore.connect(ofInUse.qdrant());
        VectorStore other = VectorStore.connect(ofOther.qdrant())) {
      List<Double> overlaps = new ArrayList<>();
      for (String id : sample(inUse, sample, new Random(seed))) {
        double overlap = overlap(neighbours(inUse, id), neighbours(other, id));
        if (!Double.isNaN(overlap)) {
          overlaps.add(overlap);
        }
      }
      List<String> wanted = queries.isEmpty() ? searchedFor(inUse, mostQueries) : queries;
      List<Search> searches = List.of();
      String without = "";
      try {
        searches = searches(wanted, ofInUse, ofOther, inUse, other);
      } catch (EmbeddingException | StoreException e) {
        without = e.getMessage();
      }
      return new Result(
          state.inUse().model(),
          state.other().model(),
          overlaps.size(),
          overlaps.stream().mapToDouble(Double::doubleValue).average().orElse(0),
          searches,
          without);
    }
  }

  /** Returns products beside random places among the ids. */
  private static Set<String> sample(VectorStore store, int wanted, Random random) {
    ProductCollection products = new ProductCollection(store);
    Set<String> ids = new LinkedHashSet<>();
    for (int i = 0; i <= 2 * wanted / AT_ONCE && ids.size() < wanted; i++) {
      String from = new UUID(random.nextLong(), random.nextLong()).toString();
      products.page(from, AT_ONCE).states().stream()
          .map(ProductState::newest)
          .map(version -> version.product().id())
          .forEach(ids::add);
    }
    // A small collection has few products behind a random place.
    products.page("", wanted).states().stream()
        .map(state -> state.newest().product().id())
        .filter(id -> ids.size() < wanted)
        .forEach(ids::add);
    return ids;
  }

  private static List<ProductHit> neighbours(VectorStore store, String id) {
    if (new ProductCollection(store).vectors(List.of(id)).isEmpty()) {
      return List.of();
    }
    try {
      return new ProductQueries(store)
          .nearest(SearchTarget.ofProduct(id), SearchFilter.NONE, NEAREST);
    } catch (StoreException e) {
      if (e.isPassing()) {
        // It may have lost its vector in between.
        return List.of();
      }
      throw e;
    }
  }

  /** Returns the share that both have; not a number if one of them has nothing. */
  static double overlap(List<ProductHit> one, List<ProductHit> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Double.NaN;
    }
    Set<String> common = new HashSet<>(ids(one));
    common.retainAll(ids(other));
    return (double) common.size() / Math.max(one.size(), other.size());
  }

  private static List<String> ids(List<ProductHit> hits) {
    return hits.stream().map(ProductHit::id).toList();
  }

  /** Returns what shoppers have searched for last or, if they have not, names of products. */
  private static List<String> searchedFor(VectorStore store, int most) {
    List<String> searches =
        new EventQueries(store)
            .newest(EVENTS_LOOKED_AT).stream()
                .map(ShopEvent::searchQuery)
                .filter(Objects::nonNull)
                .filter(query -> !query.isBlank())
                .distinct()
                .limit(most)
                .toList();
    return searches.isEmpty()
        ? new ProductCollection(store)
            .page("", most).states().stream()
                .map(state -> state.newest().product().name())
                .filter(name -> !name.isBlank())
                .toList()
        : searches;
  }

  private List<Search> searches(
      List<String> queries,
      Settings ofInUse,
      Settings ofOther,
      VectorStore inUse,
      VectorStore other) {
    if (queries.isEmpty()) {
      return List.of();
    }
    List<List<ProductHit>> before = found(queries, ofInUse, state.inUse(), inUse);
    List<List<ProductHit>> after = found(queries, ofOther, state.other(), other);
    List<Search> searches = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      double overlap = overlap(before.get(i), after.get(i));
      searches.add(
          new Search(
              queries.get(i), Double.isNaN(overlap) ? 0 : overlap, before.get(i), after.get(i)));
    }
    return searches;
  }

  private static List<List<ProductHit>> found(
      List<String> queries, Settings settings, ModelCollections model, VectorStore store) {
    if (model.settings().isEmpty()) {
      throw new StoreException(
          "no pipeline has told yet how the model %s is loaded".formatted(model.model()));
    }
    ProductQueries products = new ProductQueries(store);
    try (EmbeddingService embeddings = EmbeddingService.open(settings.embedding())) {
      if (!embeddings.identity().made(model.model())) {
        throw new StoreException(
            "%s holds the model %s here, and the stored vectors are of %s"
                .formatted(settings.embedding().model(), embeddings.modelName(), model.model()));
      }
      return queries.stream()
          .map(
              query ->
                  products.nearest(
                      SearchTarget.of(embeddings.embedQuery(query)), SearchFilter.NONE, NEAREST))
          .toList();
    }
  }
}
