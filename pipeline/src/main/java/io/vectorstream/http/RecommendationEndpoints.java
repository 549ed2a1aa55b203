package io.vectorstream.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.vectorstream.fresh.Freshness;
import io.vectorstream.search.Recommendations;
import io.vectorstream.search.Recommendations.Strategy;
import io.vectorstream.search.Recommender;
import java.util.List;

/** {@code GET /recommendations/…}. */
final class RecommendationEndpoints {
  private static final Parameter<String> PRODUCT =
      Parameter.id("id", "The product's id, as in its events.");
  private static final Parameter<String> USER =
      Parameter.id("id", "The user's id, as in the events.");

  private static final Parameter<List<String>> PRODUCTS =
      Parameter.ids(
              "products", 50, "The ids of a product, or of all in a cart, with commas between.")
          .mandatory();

  private static final Parameter<Boolean> SEEN_AGAIN =
      Parameter.flag(
              "seen_again",
              "Whether products may be recommended that the user has seen, but not bought.")
          .or(false);

  /** The product or the user to recommend for. One of the two is there. */
  record Subject(String productId, String userId) {}

  /**
   * @param subject the product or the user that it is for
   * @param strategy how they were found: {@code similar} to the product, by the user's {@code
   *     interest}, or because they are {@code trending}
   * @param fresh what of the user no batch has merged yet; left out for a product, and if that is
   *     not followed
   */
  record Recommended(
      @JsonProperty("for") Subject subject,
      String strategy,
      List<FoundProduct> results,
      Freshness fresh) {}

  /**
   * @param products the ids that it is for
   * @param results scores are decayed numbers of users who did so
   */
  record Together(
      @JsonProperty("for") List<String> products, String strategy, List<FoundProduct> results) {}

  private RecommendationEndpoints() {}

  /**
   * @param usual diversity, where none is given
   */
  static List<Endpoint> over(Recommender recommender, double usual) {
    Parameter<Double> diversity =
        Parameter.decimal(
                "diversity",
                0,
                1,
                "How much variety counts against likeness. 0: the nearest products, however alike"
                    + " they are.")
            .or(usual);
    return List.of(
        Endpoint.get("/recommendations/products/{id}", "Recommendations", "Products like another")
            .with(PRODUCT)
            .with(ProductFilter.PARAMETERS)
            .with(diversity)
            .refusals(Status.NOT_FOUND)
            .answers(
                Recommended.class,
                request ->
                    new Recommended(
                        new Subject(request.get(PRODUCT), null),
                        Strategy.SIMILAR.json(),
                        FoundProduct.of(
                            recommender.forProduct(
                                request.get(PRODUCT),
                                ProductFilter.of(request),
                                request.get(ProductFilter.LIMIT),
                                request.get(diversity))),
                        null)),
        Endpoint.get("/recommendations/together", "Recommendations", "Products bought with others")
            .description(
                "What users bought together with these products, then what they put in the cart"
                    + " together with them, the most frequent first.")
            .with(PRODUCTS)
            .with(ProductFilter.PARAMETERS)
            .answers(
                Together.class,
                request ->
                    new Together(
                        request.get(PRODUCTS),
                        Strategy.TOGETHER.json(),
                        FoundProduct.of(
                            recommender.together(
                                request.get(PRODUCTS),
                                ProductFilter.of(request),
                                request.get(ProductFilter.LIMIT))))),
        Endpoint.get("/recommendations/users/{id}", "Recommendations", "Products for a user")
            .description(
                "By the user's interest, and by what others turned to who turned to the same products,"
                    + " without what the user has seen or bought; what is trending for somebody"
                    + " who is unknown.")
            .with(USER)
            .with(ProductFilter.PARAMETERS)
            .with(diversity)
            .with(SEEN_AGAIN)
            .answers(
                Recommended.class,
                request -> {
                  Recommendations found =
                      recommender.forUser(
                          request.get(USER),
                          ProductFilter.of(request),
                          request.get(ProductFilter.LIMIT),
                          request.get(diversity),
                          request.get(SEEN_AGAIN));
                  return new Recommended(
                      new Subject(null, request.get(USER)),
                      found.strategy().json(),
                      FoundProduct.of(found.products()),
                      found.fresh());
                }));
  }
}
