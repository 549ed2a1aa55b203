package io.vectorstream.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.vectorstream.search.ProductSearch;
import java.util.List;

/** {@code GET /recommendations/…}. */
final class RecommendationEndpoints {
  private static final Parameter<String> PRODUCT =
      Parameter.id("id", "The product's id, as in its events.");
  private static final Parameter<String> USER =
      Parameter.id("id", "The user's id, as in the events.");

  /** For whom, or for what. One of the two is there. */
  record Subject(String productId, String userId) {}

  /**
   * @param subject for whom, or for what
   * @param strategy how they were found: {@code similar} to the product, or by the user's {@code
   *     interest}
   */
  record Recommended(
      @JsonProperty("for") Subject subject, String strategy, List<FoundProduct> results) {}

  private RecommendationEndpoints() {}

  static List<Endpoint> over(ProductSearch search) {
    return List.of(
        Endpoint.get("/recommendations/products/{id}", "Recommendations", "Products like another")
            .with(PRODUCT)
            .with(ProductFilter.PARAMETERS)
            .refusals(Status.NOT_FOUND)
            .answers(
                Recommended.class,
                request ->
                    new Recommended(
                        new Subject(request.get(PRODUCT), null),
                        "similar",
                        FoundProduct.of(
                            search.similarTo(
                                request.get(PRODUCT),
                                ProductFilter.of(request),
                                request.get(ProductFilter.LIMIT))))),
        Endpoint.get("/recommendations/users/{id}", "Recommendations", "Products for a user")
            .with(USER)
            .with(ProductFilter.PARAMETERS)
            .refusals(Status.NOT_FOUND)
            .answers(
                Recommended.class,
                request ->
                    new Recommended(
                        new Subject(null, request.get(USER)),
                        "interest",
                        FoundProduct.of(
                            search.forUser(
                                request.get(USER),
                                ProductFilter.of(request),
                                request.get(ProductFilter.LIMIT))))));
  }
}
