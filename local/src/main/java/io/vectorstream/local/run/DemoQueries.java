package io.vectorstream.local.run;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.EventCounts;
import io.vectorstream.process.Printable;
import io.vectorstream.search.NotFoundException;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.shop.Product;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A demonstration at the end of a run: it searches and recommends from the stored points. */
public final class DemoQueries {
  private static final int HITS = 3;

  private final VectorStore store;
  private final ProductSearch search;
  private final Recommender recommender;
  private final double diversity;
  private final PrintStream out;

  public DemoQueries(VectorStore store, Settings settings, PrintStream out) {
    this.store = store;
    this.search = new ProductSearch(store, EmbeddingService.shared(settings.embedding()));
    this.recommender = new Recommender(store, settings.recommend());
    this.diversity = settings.recommend().diversity();
    this.out = out;
  }

  public void searches(List<String> queries) {
    for (String query : queries) {
      heading("search \"" + query + "\"");
      hits(search.byText(query, SearchFilter.NONE, HITS));
    }
  }

  /** Prints recommendations for the product and for the user with the most events. */
  public void recommendations() {
    new ProductCollection(store)
        .busiest()
        .ifPresent(
            state -> {
              Product product = state.newest().product();
              heading(
                  "like the busiest product, \"%s\" (%s events)"
                      .formatted(
                          shortened(product.name()), NumberText.count(state.counts().total())));
              likeProduct(product.id());
            });
    new UserCollection(store)
        .busiest()
        .ifPresent(
            state -> {
              heading(
                  "for the busiest user, %s (%s)"
                      .formatted(state.userId(), inWords(state.counts())));
              hits(
                  recommender
                      .forUser(state.userId(), SearchFilter.NONE, HITS, diversity, false)
                      .products());
            });
  }

  /** Prints products like one, unless its text still waits to be embedded, as on a slow machine. */
  private void likeProduct(String productId) {
    try {
      hits(recommender.forProduct(productId, SearchFilter.NONE, HITS, diversity));
    } catch (NotFoundException e) {
      out.println("  " + Printable.text(e.getMessage()));
    }
  }

  /** Returns {@code 41 view, 12 search}, the most frequent first. */
  private static String inWords(EventCounts counts) {
    return counts.asMap().entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(entry -> NumberText.count(entry.getValue()) + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private void heading(String text) {
    out.println();
    out.println(Printable.text(text));
  }

  private void hits(List<ProductHit> hits) {
    if (hits.isEmpty()) {
      out.println("  nothing");
    }
    for (ProductHit hit : hits) {
      out.printf(
          Locale.ROOT,
          "  %.3f  %s%s, %,.2f%n",
          hit.score(),
          shortened(hit.name()),
          hit.category() == null ? "" : " (" + shortened(hit.category()) + ")",
          hit.price());
    }
  }

  private static String shortened(String text) {
    return Printable.text(text, 60);
  }
}
