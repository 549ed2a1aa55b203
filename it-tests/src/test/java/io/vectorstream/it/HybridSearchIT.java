package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.local.Main;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Words of products, whoever writes the products, and searches by them. */
@ExtendWith(SharedServices.class)
class HybridSearchIT {

  private static final String WORDS = "qdrant.words.enabled=true";
  private static final String ABOUT = "Deep groove ball bearing for motors and gearboxes.";

  private final ProductsTopic topic = new ProductsTopic();

  private static ObjectNode bearing(String id, String number) {
    return Shop.product(id, "Bearing " + number, ABOUT, "Parts", 10);
  }

  @Test
  void words_are_those_of_the_last_description_by_events_the_products_topic_and_a_catalogue(
      Services services, @TempDir Path folder) throws IOException {
    try (Deployment shop = new Deployment(services, folder, topic.setting());
        VectorStore store = VectorStore.connect(shop.settings(WORDS).qdrant())) {
      EmbeddingService embeddings = EmbeddingService.shared(shop.settings().embedding());
      ProductSearch search = new ProductSearch(store, embeddings);
      // Stored without words.
      shop.send(
          Shop.event("view", "ada", bearing("a", "6203-ZZ")),
          Shop.event("view", "ada", bearing("b", "6204-ZZ")));
      try (RunningPipeline pipeline = shop.start()) {
        pipeline.awaitRecords(2);
      }
      try (RunningPipeline pipeline = shop.start(WORDS)) {
        shop.send(
            Shop.event("purchase", "eve", bearing("b", "6204-ZZ")),
            Shop.event("view", "eve", bearing("c", "6205-ZZ")));
        pipeline.awaitRecords(2);
        assertThat(first(search, "6203ZZ")).isEqualTo("a");
        assertThat(first(search, "6204ZZ")).isEqualTo("b");
        assertThat(first(search, "6205ZZ")).isEqualTo("c");

        topic.send(shop, bearing("a", "6306-ZZ"));
        pipeline.await(() -> first(search, "6306ZZ").equals("a"));
        Path catalogue =
            Files.writeString(
                folder.resolve("catalogue.csv"),
                """
                id,name,description,category,price
                c,Bearing 6307-ZZ,%s,Parts,10
                d,Bearing 6308-ZZ,%s,Parts,10
                """
                    .formatted(ABOUT, ABOUT));
        assertThat(run(shop, "catalog", "load", catalogue.toString())).isZero();
        pipeline.await(() -> first(search, "6307ZZ").equals("c"));
        pipeline.await(() -> first(search, "6308ZZ").equals("d"));

        topic.send(shop, bearing("d", "6308-ZZ").put("available", false));
        pipeline.await(() -> !first(search, "6308ZZ").equals("d"));
        assertThat(first(search, "d")).isNotEqualTo("d");
      }
      assertThat(shop.stored().products().get("b").counts()).containsEntry("purchase", 1L);
      assertThat(shop.stored().products().get("b").vector()).isNotNull();
    }
  }

  private static String first(ProductSearch search, String text) {
    List<ProductHit> hits = search.byText(text, SearchFilter.NONE, 3);
    return hits.isEmpty() ? "" : hits.get(0).id();
  }

  private static int run(Deployment shop, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--set", WORDS));
    shop.given().forEach(setting -> all.addAll(List.of("--set", setting)));
    return Main.commandLine().execute(all.toArray(String[]::new));
  }
}
