package io.vectorstream.http;

import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.fresh.FreshUser;
import io.vectorstream.fresh.Freshness;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.UserState;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** {@code GET /products/{id}} and {@code GET /users/{id}}: the stored state of one of them. */
final class ProductAndUserEndpoints {
  private static final Parameter<String> PRODUCT =
      Parameter.id("id", "The product's id, as in its events.");
  private static final Parameter<String> USER =
      Parameter.id("id", "The user's id, as in the events.");

  /** A product as its topic describes it or, without one, its latest event or a newer catalogue. */
  record ProductDescription(
      String id, String name, String description, String category, double price) {}

  /**
   * @param counts of its events, by type
   * @param revenue of its purchases
   * @param firstSeen time of its earliest event; left out if there was none
   * @param lastSeen time of its latest event; left out if there was none
   * @param model of its embedding
   * @param hasEmbedding whether a search can find it, unless it is hidden or retired
   * @param embeddingPending whether its latest text still waits for its embedding
   * @param embeddingError why the model fails on its text; left out if it does not
   * @param listing what the products topic says: {@code listed}, {@code hidden} or {@code retired};
   *     left out if it says nothing
   */
  record KnownProduct(
      ProductDescription product,
      Map<String, Long> counts,
      double revenue,
      Instant firstSeen,
      Instant lastSeen,
      String model,
      boolean hasEmbedding,
      boolean embeddingPending,
      String embeddingError,
      String listing) {}

  /** A product, and the time of the user's latest event about it. */
  record TouchedProduct(String productId, Instant at) {}

  /**
   * @param counts of the user's events, by type
   * @param lastProducts the latest first
   * @param hasInterest whether there is an interest to recommend by
   * @param fresh what of all this no batch has merged yet; left out if that is not followed
   */
  record KnownUser(
      String userId,
      Map<String, Long> counts,
      List<TouchedProduct> lastProducts,
      Instant firstSeen,
      Instant lastSeen,
      boolean hasInterest,
      Freshness fresh) {}

  private ProductAndUserEndpoints() {}

  static List<Endpoint> over(VectorStore store, FreshEvents fresh) {
    ProductCollection products = new ProductCollection(store);
    UserCollection users = new UserCollection(store);
    return List.of(
        Endpoint.get("/products/{id}", "Shop", "What is known of a product")
            .with(PRODUCT)
            .refusals(Status.NOT_FOUND)
            .answers(KnownProduct.class, request -> product(products, request.get(PRODUCT))),
        Endpoint.get("/users/{id}", "Shop", "What is known of a user")
            .with(USER)
            .refusals(Status.NOT_FOUND)
            .answers(KnownUser.class, request -> user(users, fresh, request.get(USER))));
  }

  private static KnownProduct product(ProductCollection products, String id) {
    ProductState state = products.states(List.of(id)).get(id);
    if (state == null) {
      throw new RequestException(
          Status.NOT_FOUND, "product %s is not stored".formatted(Parameter.shown(id)));
    }
    var described = state.newest().product();
    return new KnownProduct(
        new ProductDescription(
            described.id(),
            described.name(),
            described.description(),
            described.category(),
            described.price()),
        state.counts().asMap(),
        state.revenue(),
        state.wasSeen() ? time(state.firstSeenMicros()) : null,
        state.wasSeen() ? time(state.lastSeenMicros()) : null,
        state.model(),
        products.vectors(List.of(id)).containsKey(id),
        state.isPending(),
        state.embeddingError(),
        state.listing() == null ? null : state.listing().status().json());
  }

  private static KnownUser user(UserCollection users, FreshEvents fresh, String id) {
    FreshUser known = fresh.user(id);
    UserState state = known.state().orElseGet(() -> users.states(List.of(id)).get(id));
    if (state == null) {
      throw new RequestException(
          Status.NOT_FOUND, "user %s has not been seen".formatted(Parameter.shown(id)));
    }
    return new KnownUser(
        state.userId(),
        state.counts().asMap(),
        state.lastProducts().stream()
            .map(seen -> new TouchedProduct(seen.productId(), time(seen.atMicros())))
            .toList(),
        time(state.firstSeenMicros()),
        time(state.lastSeenMicros()),
        state.interest().direction() != null,
        known.fresh());
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
