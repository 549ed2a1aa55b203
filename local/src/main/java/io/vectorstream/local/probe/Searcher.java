package io.vectorstream.local.probe;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.QueryEmbeddings;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.SearchTarget;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that asks the searches of each kind, each about something else than the one before. */
final class Searcher {
  /** How many results are wanted; of so many, recall is the share that was found. */
  static final int LIMIT = 10;

  private static final Logger log = LoggerFactory.getLogger(Searcher.class);

  private final ApiClient api;
  private final Executor threads;
  private final SearchSubjects subjects;
  private final DistinctQueries queries;
  private final ProductQueries products;
  private final ProductCollection stored;
  private final QueryEmbeddings embeddings;
  private final SplittableRandom random;
  private volatile NearbyVectors vectors = NearbyVectors.NONE;

  /**
   * @param threads that wait for the store
   */
  Searcher(
      ApiClient api,
      VectorStore store,
      Settings.Embedding embedding,
      SearchSubjects subjects,
      Executor threads) {
    this.api = api;
    this.threads = threads;
    this.subjects = subjects;
    this.queries = new DistinctQueries(subjects.products(), subjects.seed());
    this.products = new ProductQueries(store);
    this.stored = new ProductCollection(store);
    this.embeddings = new QueryEmbeddings(embedding);
    this.random = new SplittableRandom(subjects.seed());
  }

  /** Reads the vectors of products to search near to, unless it has some. */
  void readVectors() {
    if (vectors.isEmpty()) {
      try {
        vectors = NearbyVectors.read(stored, subjects.products(), subjects.seed());
      } catch (StoreException e) {
        // Searches by vector fail for now, and say so.
        log.debug("no vectors can be read", e);
      }
    }
  }

  /** Begins a search. A failure is an answer, too. */
  CompletableFuture<SearchAnswer> search(SearchKind kind) {
    return switch (kind) {
      case TEXT -> ask(ApiClient.search(queries.next(), LIMIT));
      case EVENTS -> ask(ApiClient.search(queries.next(), LIMIT) + "&in=events");
      case SIMILAR -> ask(ApiClient.likeProduct(product()) + "?limit=" + LIMIT);
      case USER -> ask(ApiClient.forUser(user()) + "?limit=" + LIMIT);
      case VECTOR -> CompletableFuture.supplyAsync(this::byVector, threads);
    };
  }

  private synchronized String product() {
    return subjects.products().get(random.nextInt(subjects.products().size())).id();
  }

  private synchronized String user() {
    return SearchSubjects.user(random.nextInt(subjects.users()));
  }

  private CompletableFuture<SearchAnswer> ask(String path) {
    return api.get(path).handle((answer, failure) -> of(answer));
  }

  private static SearchAnswer of(HttpResponse<String> answer) {
    if (answer == null) {
      return SearchAnswer.failed("no answer");
    }
    if (answer.statusCode() != ApiClient.OK) {
      return SearchAnswer.failed("HTTP " + answer.statusCode());
    }
    return answer.body().contains("\"results\":[]") ? SearchAnswer.NOTHING : SearchAnswer.FOUND;
  }

  private SearchAnswer byVector() {
    NearbyVectors known = vectors;
    if (known.isEmpty()) {
      return SearchAnswer.failed("no product has a vector yet");
    }
    try {
      SearchTarget target = SearchTarget.of(known.next());
      return products.nearest(target, SearchFilter.NONE, LIMIT).isEmpty()
          ? SearchAnswer.NOTHING
          : SearchAnswer.FOUND;
    } catch (StoreException e) {
      return SearchAnswer.failed("the store fails");
    }
  }

  /**
   * Returns the share of the really nearest products that such a search finds; NaN for a kind of
   * which there is none, and where nothing is stored.
   *
   * @throws StoreException if the server refuses an exact search
   */
  double recall(SearchKind kind, int searches) {
    Supplier<SearchTarget> targets = targets(kind);
    if (targets == null) {
      return Double.NaN;
    }
    int wanted = 0;
    int found = 0;
    for (int i = 0; i < searches; i++) {
      SearchTarget target = targets.get();
      Set<String> nearest = ids(() -> products.exactlyNearest(target, SearchFilter.NONE, LIMIT));
      wanted += nearest.size();
      nearest.retainAll(ids(() -> products.nearest(target, SearchFilter.NONE, LIMIT)));
      found += nearest.size();
    }
    return (double) found / wanted;
  }

  private Supplier<SearchTarget> targets(SearchKind kind) {
    return switch (kind) {
      case TEXT ->
          subjects.haveMadeUpVectors()
              ? null
              : () -> SearchTarget.of(embeddings.get().embedQuery(queries.next()));
      case VECTOR -> vectors.isEmpty() ? null : () -> SearchTarget.of(vectors.next());
      case SIMILAR -> () -> SearchTarget.ofProduct(product());
      // Events are found by the products that a text finds; a user's interest is not known here.
      case EVENTS, USER -> null;
    };
  }

  private static Set<String> ids(Supplier<List<ProductHit>> search) {
    Set<String> ids = new HashSet<>();
    search.get().forEach(hit -> ids.add(hit.id()));
    return ids;
  }
}
