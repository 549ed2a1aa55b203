package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.fresh.FreshUser;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.merge.UserState;
import io.vectorstream.monitoring.ProductFeedStatus;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Products that have a topic of their own, beside the events about them. */
@ExtendWith(SharedServices.class)
class ProductsTopicIT {

  private static final ObjectNode BOOTS =
      Shop.product("boots", "Hiking boots", "Waterproof, of leather", "Outdoor", 129.5);
  private static final ObjectNode TENT =
      Shop.product("tent", "Tent", "For two, to camp in the mountains", "Outdoor", 200);
  private static final ObjectNode MUG =
      Shop.product("mug", "Coffee mug", "Of stoneware", "Kitchen", 8);

  private final ProductsTopic topic = new ProductsTopic();

  @Test
  void a_retired_product_is_gone_its_events_count_and_only_a_new_version_brings_it_back(
      Services services, @TempDir Path folder) {
    try (Deployment shop = new Deployment(services, folder, topic.setting());
        VectorStore store = VectorStore.connect(shop.settings().qdrant())) {
      topic.send(shop, BOOTS, TENT, MUG.deepCopy().put("available", false));
      shop.send(
          Shop.event("view", "ada", BOOTS),
          Shop.event("view", "ada", TENT),
          Shop.event("view", "ada", MUG));
      try (RunningPipeline pipeline = shop.start()) {
        pipeline.awaitRecords(3);
        pipeline.await(() -> shop.stored().countPending() == 0);
        pipeline.await(() -> found(shop, store).equals(Set.of("boots", "tent")));

        shop.send(List.of(topic.retirement("boots"), topic.retirement("lamp")));
        pipeline.await(() -> found(shop, store).equals(Set.of("tent")));
        shop.send(
            Shop.event("purchase", "eve", BOOTS),
            Shop.event("view", "eve", Shop.product("lamp", "Lamp", "Of oak", "Home", 35)));
        pipeline.awaitRecords(5);

        assertThat(found(shop, store)).isEqualTo(Set.of("tent"));
        assertThat(counts(shop, "boots")).isEqualTo(Map.of("view", 1L, "purchase", 1L));
        assertThat(counts(shop, "lamp")).isEqualTo(Map.of("view", 1L));
        assertThat(counts(shop, "mug")).isEqualTo(Map.of("view", 1L));
        pipeline.await(() -> status(pipeline).retired() == 2 && status(pipeline).hidden() == 1);
        assertThat(status(pipeline).waiting()).isZero();

        topic.send(shop, BOOTS, MUG);
        pipeline.await(() -> found(shop, store).equals(Set.of("boots", "tent", "mug")));
        assertThat(counts(shop, "boots")).isEqualTo(Map.of("view", 1L, "purchase", 1L));
      }
    }
  }

  @Test
  void what_the_topic_says_of_a_product_wins_over_events_also_in_interests_and_fresh_answers(
      Services services, @TempDir Path folder) {
    try (Deployment shop = new Deployment(services, folder, topic.setting());
        VectorStore store = VectorStore.connect(shop.settings().qdrant())) {
      EmbeddingService embeddings = EmbeddingService.shared(shop.settings().embedding());
      ObjectNode variant = Shop.product("boots", "Boots, black, only 3 left", "", "Sale", 99);
      shop.send(Shop.event("view", "bob", variant));
      try (RunningPipeline pipeline = shop.start()) {
        pipeline.awaitRecords(1);
        topic.send(shop, BOOTS);
        pipeline.await(() -> name(shop, "boots").equals("Hiking boots"));
        pipeline.await(() -> shop.stored().countPending() == 0);
      }
      FreshUser expected;
      try (FreshEvents fresh = FreshEvents.follow(shop.settings(), store)) {
        shop.send(Shop.event("view", "ada", variant));
        Awaitility.await()
            .atMost(Deployment.PATIENCE)
            .until(
                () ->
                    fresh.user("ada").state().isPresent() && fresh.user("ada").fresh().complete());
        expected = fresh.user("ada");
      }
      try (RunningPipeline pipeline = shop.start()) {
        pipeline.awaitRecords(1);
      }

      Point boots = shop.stored().products().get("boots");
      assertThat(boots.payload().get("product")).isEqualTo(Stored.asStored(BOOTS));
      assertThat(boots.counts()).isEqualTo(Map.of("view", 2L));
      StoreAssertions.assertSameDirection(
          boots.vector(), StoreAssertions.embedding(embeddings, BOOTS));
      UserState ada = new UserCollection(store).states(List.of("ada")).get("ada");
      StoreAssertions.assertSameDirection(
          ada.interest().direction(), StoreAssertions.embedding(embeddings, BOOTS));
      StoreAssertions.assertSameDirection(
          expected.state().orElseThrow().interest().direction(), ada.interest().direction());
    }
  }

  /** The model needs minutes for so many texts; neither events nor retirements wait for it. */
  @Test
  void a_flood_of_products_holds_up_neither_events_nor_retirements(
      Services services, @TempDir Path folder) {
    int flood = 3_000;
    List<ObjectNode> products = new ArrayList<>();
    for (int i = 0; i < flood; i++) {
      String description = "Unlike the others, and made for it. ".repeat(40) + i;
      products.add(Shop.product("p" + i, "Thing " + i, description, "Things", i));
    }
    try (Deployment shop = new Deployment(services, folder, topic.setting());
        RunningPipeline pipeline = shop.start()) {
      topic.send(shop, products.toArray(ObjectNode[]::new));
      shop.send(List.of(topic.retirement("p7")));
      shop.send(Shop.event("view", "ada", products.get(7)));

      pipeline.awaitRecords(1);
      pipeline.await(() -> status(pipeline).applied() >= flood);
      pipeline.await(() -> status(pipeline).retired() == 1);

      assertThat(shop.stored().countPending()).as("still to be embedded").isPositive();
      assertThat(counts(shop, "p7")).isEqualTo(Map.of("view", 1L));
      assertThat(pipeline.batches().get(0).duration()).isLessThan(Duration.ofMinutes(1));
    }
  }

  private static ProductFeedStatus status(RunningPipeline pipeline) {
    return pipeline.pipeline().status().orElseThrow().productFeed();
  }

  private static Map<String, Long> counts(Deployment shop, String product) {
    return shop.stored().products().get(product).counts();
  }

  private static String name(Deployment shop, String product) {
    return shop.stored().products().get(product).payload().at("/product/name").textValue();
  }

  /** Returns what a search finds, which has to be what is recommended to somebody unknown. */
  private static Set<String> found(Deployment shop, VectorStore store) {
    EmbeddingService embeddings = EmbeddingService.shared(shop.settings().embedding());
    Set<String> found =
        ids(new ProductSearch(store, embeddings).byText("boots", SearchFilter.NONE, 10));
    Set<String> trending =
        ids(new Recommender(store, shop.settings().recommend()).trending(SearchFilter.NONE, 10));
    assertThat(found).containsAll(trending);
    return found;
  }

  private static Set<String> ids(List<ProductHit> hits) {
    Set<String> ids = new HashSet<>();
    hits.forEach(hit -> ids.add(hit.id()));
    return ids;
  }
}
