package io.vectorstream.http;

import io.vectorstream.search.ProductSearch;
import java.util.List;

/** {@code GET /search}. */
final class SearchEndpoint {
  private static final int LONGEST_QUERY = 1000;

  private static final Parameter<String> QUERY =
      Parameter.text("q", LONGEST_QUERY, "What to look for.").mandatory();

  /**
   * @param tookMs from the question to the answer, without what HTTP takes
   */
  record SearchResults(String query, String in, double tookMs, List<FoundProduct> results) {}

  private SearchEndpoint() {}

  static Endpoint over(ProductSearch search) {
    return Endpoint.get("/search", "Search", "Finds products by what a text means")
        .with(QUERY)
        .with(ProductFilter.PARAMETERS)
        .answers(
            SearchResults.class,
            request -> {
              long start = System.nanoTime();
              List<FoundProduct> results =
                  FoundProduct.of(
                      search.byText(
                          request.get(QUERY),
                          ProductFilter.of(request),
                          request.get(ProductFilter.LIMIT)));
              return new SearchResults(
                  request.get(QUERY), "products", milliseconds(start), results);
            });
  }

  private static double milliseconds(long start) {
    return (System.nanoTime() - start) / 1000 / 1000.0;
  }
}
