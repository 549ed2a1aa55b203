package io.vectorstream.http;

import io.vectorstream.search.ProductSearch;
import io.vectorstream.store.EventQueries;
import io.vectorstream.store.ProductHit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code GET /search}. */
final class SearchEndpoint {
  private static final int LONGEST_QUERY = 1000;

  /** The number of nearest products whose events are shown. */
  private static final int PRODUCTS_OF_EVENTS = 10;

  private enum In {
    PRODUCTS,
    EVENTS
  }

  private static final Parameter<String> QUERY =
      Parameter.text("q", LONGEST_QUERY, "What to look for.").mandatory();
  private static final Parameter<In> IN =
      Parameter.choice(
              "in",
              In.class,
              "What to find: products, or the events about the products that are nearest.")
          .or(In.PRODUCTS);

  /**
   * A product, or an event about one; the other is left out.
   *
   * @param score of the product; higher is better
   */
  record SearchResult(FoundProduct.ProductBrief product, FoundEvent event, double score) {}

  /**
   * @param tookMs from the request to the answer, without the time of HTTP
   * @param model that the text was embedded by, which knows certain languages
   * @param results the best first; of one product's events, the newest first
   */
  record SearchResults(
      String query, String in, double tookMs, String model, List<SearchResult> results) {}

  private final ProductSearch products;
  private final EventQueries events;

  private SearchEndpoint(ProductSearch products, EventQueries events) {
    this.products = products;
    this.events = events;
  }

  static Endpoint over(ProductSearch products, EventQueries events) {
    SearchEndpoint search = new SearchEndpoint(products, events);
    return Endpoint.get("/search", "Search", "Finds products, or events, by what a text means")
        .with(QUERY, IN)
        .with(ProductFilter.PARAMETERS)
        .answers(SearchResults.class, search::answer);
  }

  private SearchResults answer(Request request) {
    long start = System.nanoTime();
    In in = request.get(IN);
    List<SearchResult> results = in == In.PRODUCTS ? products(request) : events(request);
    return new SearchResults(
        request.get(QUERY),
        in.name().toLowerCase(Locale.ROOT),
        milliseconds(start),
        products.model(),
        results);
  }

  private List<SearchResult> products(Request request) {
    return FoundProduct.of(hits(request, request.get(ProductFilter.LIMIT))).stream()
        .map(found -> new SearchResult(found.product(), null, found.score()))
        .toList();
  }

  private List<SearchResult> events(Request request) {
    int limit = request.get(ProductFilter.LIMIT);
    List<SearchResult> found = new ArrayList<>();
    for (ProductHit hit : hits(request, PRODUCTS_OF_EVENTS)) {
      if (found.size() == limit) {
        break;
      }
      events.ofProduct(hit.id(), limit - found.size()).stream()
          .map(event -> new SearchResult(null, FoundEvent.of(event), hit.score()))
          .forEach(found::add);
    }
    return found;
  }

  private List<ProductHit> hits(Request request, int limit) {
    return products.byText(request.get(QUERY), ProductFilter.of(request), limit);
  }

  private static double milliseconds(long start) {
    return (System.nanoTime() - start) / 1000 / 1000.0;
  }
}
