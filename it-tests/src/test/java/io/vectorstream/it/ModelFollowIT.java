package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.catalog.CatalogModels;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever goes by the model in use, over a migration and a switch: the API, a products topic, a
 * catalogue, and users who are forgotten.
 */
@ExtendWith(SharedServices.class)
class ModelFollowIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final ObjectNode BOOTS =
      Shop.product("boots", "Hiking boots", "Waterproof, for the mountains", "Shoes", 89);
  private static final ObjectNode MUG =
      Shop.product("mug", "Coffee mug", "Of stoneware", "Kitchen", 8);
  private static final ObjectNode TENT =
      Shop.product("tent", "Tent", "For two in the mountains", "Outdoor", 150);

  private final ProductsTopic topic = new ProductsTopic();
  private String url;

  @Test
  void everything_follows_a_switch_and_both_models_know_what_came_meanwhile(
      Services services, @TempDir Path folder) throws Exception {
    try (Deployment shop = new Deployment(services, folder, topic.setting());
        Migration migration = new Migration(services, shop);
        RunningPipeline pipeline = shop.start();
        HttpServer server =
            HttpServer.start(
                shop.settings(),
                new ApiSources(shop.settings(), Optional.empty(), () -> ""),
                new SimpleMeterRegistry())) {
      url = "http://localhost:" + server.port();
      topic.send(shop, BOOTS, TENT, MUG.deepCopy().put("available", false));
      shop.send(
          Shop.event("view", "ada", BOOTS),
          Shop.event("purchase", "ada", MUG),
          Shop.event("view", "eve", TENT),
          Shop.event("view", "bob", TENT));
      pipeline.awaitRecords(4);
      pipeline.await(() -> found().equals(Set.of("boots", "tent")));

      migration.begin();
      pipeline.await(migration::isReady);
      ModelState ready = migration.state();
      migration.run("user", "forget", "eve", "--wait", "60");
      shop.send(List.of(topic.retirement("tent")));
      topic.send(shop, MUG);
      for (ModelCollections model : List.of(ready.inUse(), ready.other())) {
        pipeline.await(
            () ->
                listing(migration, model, "tent").equals("retired")
                    && !listing(migration, model, "mug").equals("hidden"));
        try (Stored stored = migration.stored(model)) {
          assertThat(stored.users()).containsOnlyKeys("ada", "bob");
        }
      }

      migration.run("model", "switch");
      migration.run("model", "drop-old");
      // The collections that the server began with are gone by now.
      pipeline.await(() -> found().equals(Set.of("boots", "mug")));
      assertThat(get("/products/boots").statusCode()).isEqualTo(200);
      assertThat(get("/recommendations/users/ada").statusCode()).isEqualTo(200);
      assertThat(get("/users/eve").statusCode()).isEqualTo(404);
      assertThat(get("/stats/trending").statusCode()).isEqualTo(200);

      shop.send(Shop.event("view", "ada", TENT), Shop.event("view", "carl", BOOTS));
      pipeline.awaitRecords(6);
      assertThat(found()).isEqualTo(Set.of("boots", "mug"));
      topic.send(shop, TENT);
      pipeline.await(() -> found().equals(Set.of("boots", "mug", "tent")));
      migration.run("user", "forget", "bob", "--wait", "60");
      try (Stored stored = migration.stored(migration.state().inUse())) {
        assertThat(stored.users()).containsOnlyKeys("ada", "carl");
      }
    }
  }

  @Nightly
  @Test
  void a_catalogue_is_loaded_for_both_models_with_settings_of_either(
      Services services, @TempDir Path folder) throws Exception {
    try (Deployment shop = new Deployment(services, folder);
        Migration migration = new Migration(services, shop);
        RunningPipeline pipeline = shop.start()) {
      ModelState ready = copied(shop, migration, pipeline);

      Path file = folder.resolve("catalogue.jsonl");
      Files.writeString(file, MUG + "\n" + BOOTS.deepCopy().put("name", "Boots, warm") + "\n");
      migration.run("catalog", "load", file.toString());
      assertLoaded(
          pipeline,
          migration,
          List.of(ready.inUse(), ready.other()),
          Map.of("mug", "Coffee mug", "boots", "Boots, warm"));

      migration.run("model", "switch");
      Files.writeString(file, TENT + "\n" + MUG.deepCopy().put("name", "Tea mug") + "\n");
      migration.run("catalog", "load", file.toString());
      assertLoaded(
          pipeline,
          migration,
          List.of(ready.inUse(), ready.other()),
          Map.of("mug", "Tea mug", "boots", "Boots, warm", "tent", "Tent"));
    }
  }

  @Nightly
  @Test
  void one_load_of_a_catalogue_goes_on_over_a_switch_and_the_end_of_the_old_model(
      Services services, @TempDir Path folder) throws Exception {
    try (Deployment shop = new Deployment(services, folder);
        Migration migration = new Migration(services, shop);
        RunningPipeline pipeline = shop.start()) {
      ModelCollections next = copied(shop, migration, pipeline).other();

      Map<String, String> names = new HashMap<>(Map.of("boots", "Hiking boots"));
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < 1_100; i++) {
        String id = "listed-" + i;
        names.put(id, "Tin " + i);
        rows.add(Shop.product(id, "Tin " + i, "A tin", "Tins", 1).toString());
      }
      Path file = Files.write(folder.resolve("catalogue.jsonl"), rows);
      // What the load cannot embed waits for the pipeline, which does not keep up.
      Iterator<String[]> decisions =
          List.of(new String[] {"model", "switch", "--force"}, new String[] {"model", "drop-old"})
              .iterator();
      EmbeddingService embeddings = EmbeddingService.shared(shop.settings().embedding());
      try (CatalogModels models = CatalogModels.of(shop.settings(), embeddings);
          CatalogFile catalogue = CatalogFile.open(file, problem -> {})) {
        CatalogLoad load =
            new CatalogLoad(embeddings, models, Instant.now(), Duration.ofSeconds(5), row -> {});
        assertThat(
                load.run(
                    catalogue,
                    () -> {
                      if (decisions.hasNext()) {
                        migration.run(decisions.next());
                      }
                    }))
            .isTrue();
        assertThat(load.counts().failed()).isZero();
      }
      assertThat(decisions).isExhausted();
      assertLoaded(pipeline, migration, List.of(next), names);
    }
  }

  /** Stores a product, and waits until it is there for another model, too. */
  private static ModelState copied(Deployment shop, Migration migration, RunningPipeline pipeline) {
    shop.send(Shop.event("view", "ada", BOOTS));
    pipeline.awaitRecords(1);
    migration.begin();
    pipeline.await(migration::isReady);
    return migration.state();
  }

  private static void assertLoaded(
      RunningPipeline pipeline,
      Migration migration,
      List<ModelCollections> models,
      Map<String, String> names) {
    for (ModelCollections model : models) {
      // What the load has no model for is embedded by the pipeline.
      pipeline.await(() -> migration.waitsForNothing(model));
      try (Stored stored = migration.stored(model)) {
        Map<String, Stored.Point> products = stored.products();
        assertThat(products).containsOnlyKeys(names.keySet());
        products.forEach(
            (id, product) -> {
              assertThat(product.payload().at("/product/name").textValue())
                  .isEqualTo(names.get(id));
              assertThat(product.vector()).hasSize(model.dimension());
              assertThat(product.text("model")).isEqualTo(model.model());
            });
      }
    }
  }

  private static String listing(Migration migration, ModelCollections model, String id) {
    try (Stored stored = migration.stored(model)) {
      return stored.products().get(id).payload().path("listing").asText();
    }
  }

  /** Returns the ids of all products that a search finds; none where it fails. */
  private Set<String> found() throws Exception {
    HttpResponse<String> answer = get("/search?q=mountains");
    Set<String> ids = new HashSet<>();
    if (answer.statusCode() == 200) {
      for (JsonNode hit : JSON.readTree(answer.body()).path("results")) {
        ids.add(hit.at("/product/id").asText());
      }
    }
    return ids;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
  }
}
