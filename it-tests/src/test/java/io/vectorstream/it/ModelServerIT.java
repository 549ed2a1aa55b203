package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vectorstream.store.ModelState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server as the new model, which is away for a while: the pipeline does not wait for it. */
@ExtendWith(SharedServices.class)
class ModelServerIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "sk-0123456789abcdef";
  private static final int DIMENSION = 24;

  private final List<String> keys = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  @Test
  void events_are_stored_while_the_new_models_server_is_away_and_copies_are_made_when_it_is_back(
      Services services, @TempDir Path folder) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/embed", this::answer);
    server.start();
    Path key = Files.writeString(folder.resolve("key"), KEY);
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/embed";
    try (Deployment shop = new Deployment(services, folder);
        Migration migration = new Migration(services, shop);
        RunningPipeline pipeline = shop.start()) {
      shop.send(
          Shop.event("view", "ada", Shop.product("mug", "Mug", "", "Home", 8)),
          Shop.event("search", "bob", null).put("search_query", "a light for the desk"));
      pipeline.awaitRecords(2);
      assertThat(
              migration
                  .command(
                      "model",
                      "migrate",
                      "--no-wait",
                      "--to",
                      "remote",
                      "--set",
                      "embedding.remote.model=a-model",
                      "--set",
                      "embedding.remote.api_key=" + KEY,
                      "--set",
                      "embedding.remote.url=" + url)
                  .said())
          .contains("embedding.remote.api_key_file");

      migration.run(
          "model",
          "migrate",
          "--no-wait",
          "--to",
          "remote",
          "--set",
          "embedding.remote.url=" + url,
          "--set",
          "embedding.remote.model=a-model",
          "--set",
          "embedding.remote.api_key_file=" + key);
      pipeline.await(migration::isReady);

      away = true;
      shop.send(Shop.event("view", "ada", Shop.product("lamp", "Lamp", "", "Home", 35)));
      pipeline.awaitRecords(3);
      pipeline.await(() -> shop.stored().countPending() == 0);
      ModelState ready = migration.state();
      try (Stored stored = migration.stored(ready.other())) {
        assertThat(stored.products().get("lamp").vector()).isNull();
        assertThat(stored.products().get("lamp").counts()).containsEntry("view", 1L);
      }
      assertThat(migration.command("model", "switch").said())
          .contains("1 of 2 products wait for a vector", "--force");
      assertThat(pipeline.health().restarts()).isZero();

      away = false;
      pipeline.await(() -> migration.waitsForNothing(ready.other()));
      try (Stored stored = migration.stored(ready.other())) {
        assertThat(stored.products().get("lamp").vector()).hasSize(DIMENSION);
        assertThat(stored.users().get("ada").vector()).hasSize(DIMENSION);
        assertThat(stored.users().get("bob").vector()).hasSize(DIMENSION);
      }
      String said = migration.run("model", "switch");
      assertThat(said)
          .contains(
              "embedding.model=remote",
              "embedding.remote.url=" + url,
              "embedding.remote.api_key_file=" + key)
          .doesNotContain(KEY);
      assertThat(keys).containsOnly("Bearer " + KEY);
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      JsonNode inputs = JSON.readTree(exchange.getRequestBody()).path("inputs");
      byte[] body = "away".getBytes(UTF_8);
      if (!away) {
        ArrayNode vectors = JSON.createArrayNode();
        for (JsonNode text : inputs) {
          ArrayNode numbers = vectors.addArray();
          Random random = new Random(text.asText().hashCode());
          for (int i = 0; i < DIMENSION; i++) {
            numbers.add((float) random.nextGaussian());
          }
        }
        body = JSON.writeValueAsBytes(vectors);
      }
      exchange.sendResponseHeaders(away ? 503 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
