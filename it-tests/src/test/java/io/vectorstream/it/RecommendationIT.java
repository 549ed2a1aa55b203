package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.search.NotFoundException;
import io.vectorstream.search.Recommendations;
import io.vectorstream.search.Recommendations.Strategy;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecommendationIT {
  /** A number of purchases that exceeds one page of a user's purchases. */
  private static final int MANY_PURCHASES = 1_100;

  private static final ObjectNode TEAPOT =
      Shop.product("teapot", "Teapot", "Of glass, for a litre of tea", "Kitchen | Tea", 25);
  private static final ObjectNode CUPS =
      Shop.product("cups", "Tea cups", "Six cups of fine porcelain", "Kitchen | Tea", 40);
  private static final ObjectNode BOOTS =
      Shop.product("boots", "Hiking boots", "Waterproof, for the mountains", "Shoes", 120);
  private static final ObjectNode SANDALS =
      Shop.product("sandals", "Sandals", "Light shoes for the beach", "Shoes", 35);
  private static final ObjectNode TENT =
      Shop.product("tent", "Tent", "For two, to camp in the mountains", "Outdoor", 200);

  private final List<ObjectNode> events = new ArrayList<>();
  private Deployment deployment;
  private VectorStore store;
  private Recommender recommender;

  @BeforeAll
  void shop_for_a_while(Services services, @TempDir Path folder) {
    for (int litres = 1; litres <= 6; litres++) {
      events.add(Shop.event("view", "visitor", kettle(litres)));
    }
    for (ObjectNode product : List.of(TEAPOT, CUPS, SANDALS, TENT)) {
      events.add(Shop.event("view", "visitor", product));
    }
    events.add(Shop.event("view", "ada", kettle(1)));
    events.add(Shop.event("view", "ada", kettle(2)));
    events.add(Shop.event("add_to_cart", "ada", kettle(3)));
    events.add(Shop.event("purchase", "ada", kettle(3)));
    events.add(Shop.event("view", "ada", TEAPOT));

    // The tent was in much demand, but a day ago; the boots are in demand now, and in the future.
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    for (int i = 0; i < 100; i++) {
      events.add(Shop.event("view", "visitor", TENT, yesterday.plusMillis(i)));
    }
    events.add(Shop.event("wishlist_add", "grace", BOOTS));
    events.add(Shop.event("remove_from_cart", "grace", BOOTS));
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    events.add(Shop.event("view", "grace", SANDALS, tomorrow));

    // Weights as they are by default: a purchase 5, a product taken out of the cart -2, a view 1.
    events.add(Shop.event("purchase", "linus", kettle(3), yesterday));
    events.add(Shop.event("view", "linus", kettle(3), yesterday));
    for (int i = 0; i < 3; i++) {
      events.add(Shop.event("remove_from_cart", "linus", kettle(3), yesterday));
    }

    for (int i = 0; i < MANY_PURCHASES; i++) {
      events.add(Shop.event("purchase", "merchant", kettle(4), yesterday.plusMillis(i)));
    }
    // Pages come in the order of ids: this one is on the last.
    events.add(
        Shop.event("purchase", "merchant", CUPS, yesterday)
            .put("event_id", "ffffffff-ffff-4fff-bfff-ffffffffffff"));

    deployment = new Deployment(services, folder);
    deployment.send(events.toArray(ObjectNode[]::new));
    try (RunningPipeline pipeline = deployment.start()) {
      pipeline.awaitRecords(events.size());
      pipeline.await(() -> deployment.stored().countPending() == 0);
    }
    store = VectorStore.connect(deployment.settings().qdrant());
    recommender = new Recommender(store, new Settings.Recommend(0, 0, 0));
  }

  private static ObjectNode kettle(int litres) {
    return Shop.product(
        "kettle-" + litres,
        "Electric kettle " + litres + " l",
        "Boils " + litres + " l of water",
        "Kitchen | Tea",
        10 + litres);
  }

  @AfterAll
  void remove_everything() {
    if (store != null) {
      store.close();
    }
    if (deployment != null) {
      deployment.close();
    }
  }

  @Test
  void a_user_gets_what_is_near_the_interest_but_nothing_bought() {
    Recommendations found = recommender.forUser("ada", SearchFilter.NONE, 20, 0, true);

    assertThat(found.strategy()).isEqualTo(Strategy.INTEREST);
    // All products except the one that was bought.
    assertThat(ids(found.products())).hasSize(10).doesNotContain("kettle-3").startsWith("kettle-2");
    assertThat(found.products())
        .extracting(ProductHit::score)
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
  }

  @Test
  void of_more_purchases_than_one_page_has_none_comes_up_again() {
    assertThat(ids(recommender.forUser("merchant", SearchFilter.NONE, 20, 0.3, true).products()))
        .hasSize(9)
        .doesNotContain("kettle-4", "cups");
  }

  @Test
  void filters_hold_for_every_kind_of_recommendation() {
    SearchFilter cheapShoes =
        new SearchFilter(Optional.of("shoes"), OptionalDouble.empty(), OptionalDouble.of(50));

    assertThat(ids(recommender.forUser("ada", cheapShoes, 5, 0.3, true).products()))
        .containsExactly("sandals");
    assertThat(ids(recommender.forUser("nobody", cheapShoes, 5, 0.3, true).products()))
        .containsExactly("sandals");
    assertThat(ids(recommender.forProduct("boots", cheapShoes, 5, 0.3))).containsExactly("sandals");
    assertThat(ids(recommender.trending(cheapShoes, 5))).containsExactly("sandals");
  }

  @Test
  void what_a_user_has_seen_is_not_recommended_again_unless_asked_for() {
    List<String> unseen =
        ids(recommender.forUser("ada", SearchFilter.NONE, 20, 0, false).products());

    assertThat(unseen)
        .isNotEmpty()
        .doesNotContain("kettle-1", "kettle-2", "kettle-3", TEAPOT.path("id").asText());
    assertThat(ids(recommender.forUser("ada", SearchFilter.NONE, 20, 0, true).products()))
        .containsAll(unseen)
        .contains("kettle-1", "kettle-2", TEAPOT.path("id").asText());
  }

  @Test
  void diversity_brings_in_what_is_unlike_the_rest() {
    List<String> nearest =
        ids(recommender.forUser("ada", SearchFilter.NONE, 4, 0, true).products());
    List<String> varied =
        ids(recommender.forUser("ada", SearchFilter.NONE, 4, 0.6, true).products());

    assertThat(varied).hasSize(4).isNotEqualTo(nearest).startsWith(nearest.get(0));
    assertThat(kettles(varied)).isLessThan(kettles(nearest));
    assertThat(kettles(ids(recommender.forProduct("kettle-1", SearchFilter.NONE, 4, 0))))
        .isEqualTo(4);
    assertThat(kettles(ids(recommender.forProduct("kettle-1", SearchFilter.NONE, 4, 0.6))))
        .isLessThan(4);
    assertThatThrownBy(() -> recommender.forUser("ada", SearchFilter.NONE, 4, 1.5, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("diversity is 1.5, expected 0 to 1");
  }

  @Test
  void popularity_counts_beside_the_interest_as_the_settings_say() {
    Recommender popular = new Recommender(store, new Settings.Recommend(0, 0.3, 0));

    List<String> chosen = ids(popular.forUser("ada", SearchFilter.NONE, 2, 0, true).products());

    // Of 1,101 events and of 101; nothing else has more than four.
    assertThat(chosen).containsExactly("kettle-4", "tent");
    assertThat(ids(recommender.forUser("ada", SearchFilter.NONE, 2, 0, true).products()))
        .doesNotContain("tent");
    assertThat(ids(popular.forProduct("boots", SearchFilter.NONE, 3, 0)))
        .as("what is like a product, whoever asks")
        .isEqualTo(ids(recommender.forProduct("boots", SearchFilter.NONE, 3, 0)));
  }

  private static long kettles(List<String> ids) {
    return ids.stream().filter(id -> id.startsWith("kettle")).count();
  }

  @Test
  void a_product_s_neighbours_are_without_itself_and_an_unknown_product_is_said_to_be() {
    assertThat(ids(recommender.forProduct("sandals", SearchFilter.NONE, 20, 0)))
        .hasSize(10)
        .doesNotContain("sandals")
        .startsWith("boots");
    assertThatThrownBy(() -> recommender.forProduct("nothing", SearchFilter.NONE, 5, 0))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("product 'nothing' is not stored");
  }

  @Test
  void somebody_unknown_gets_what_is_trending() {
    Recommendations found = recommender.forUser("nobody", SearchFilter.NONE, 3, 0.5, true);

    assertThat(found.strategy()).isEqualTo(Strategy.TRENDING);
    assertThat(ids(found.products()))
        .isEqualTo(ids(recommender.trending(SearchFilter.NONE, 3)))
        .startsWith("kettle-3");
  }

  @Test
  void somebody_whose_actions_cancel_out_gets_what_is_trending_but_nothing_bought() {
    Recommendations found = recommender.forUser("linus", SearchFilter.NONE, 20, 0, true);

    assertThat(found.strategy()).isEqualTo(Strategy.TRENDING);
    assertThat(ids(found.products())).hasSize(10).doesNotContain("kettle-3");
  }

  @Test
  void trending_is_what_is_wanted_now_and_neither_what_was_nor_what_will_be() {
    Map<String, Double> scores = new HashMap<>();
    recommender.trending(SearchFilter.NONE, 20).forEach(hit -> scores.put(hit.id(), hit.score()));

    // A few minutes may have passed since the events, and each takes 1 % of the count.
    assertThat(scores.get("kettle-3")).isCloseTo(9, within(1.0));
    assertThat(scores.get("boots")).isCloseTo(2, within(0.3));
    assertThat(scores.get("tent")).isCloseTo(1, within(0.2));
    assertThat(scores.get("sandals")).isCloseTo(2, within(0.3));
    assertThat(ids(recommender.trending(SearchFilter.NONE, 20))).startsWith("kettle-3");
  }

  @Test
  void a_product_s_trend_is_stored_as_what_is_recomputed_from_its_events() {
    Map<String, Point> stored = deployment.stored().products();
    Map<String, Recomputation.Product> expected =
        new Recomputation(deployment.settings(), events).products();
    expected.remove("sandals"); // One of its events is from the future.

    assertThat(expected).hasSize(10);
    expected.forEach(
        (id, product) ->
            assertThat(stored.get(id).payload().path("trend").doubleValue())
                .as(id)
                .isCloseTo(product.trend(), within(1e-6)));
  }

  private static List<String> ids(List<ProductHit> hits) {
    return hits.stream().map(ProductHit::id).toList();
  }
}
