package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.store.ModelState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server as the new model, which is away for a while: the pipeline does not wait for it. */
@ExtendWith(SharedServices.class)
class ModelServerIT {

  private static final String KEY = "sk-0123456789abcdef";

  @Test
  void events_are_stored_while_the_new_models_server_is_away_and_copies_are_made_when_it_is_back(
      Services services, @TempDir Path folder) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), KEY);
    try (EmbeddingServer server = new EmbeddingServer();
        Deployment shop = new Deployment(services, folder);
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
                      "embedding.remote.url=" + server.url())
                  .said())
          .contains("embedding.remote.api_key_file");

      migration.run(
          "model",
          "migrate",
          "--no-wait",
          "--to",
          "remote",
          "--set",
          "embedding.remote.url=" + server.url(),
          "--set",
          "embedding.remote.model=a-model",
          "--set",
          "embedding.remote.api_key_file=" + key);
      pipeline.await(migration::isReady);

      server.setAway(true);
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

      server.setAway(false);
      pipeline.await(() -> migration.waitsForNothing(ready.other()));
      try (Stored stored = migration.stored(ready.other())) {
        assertThat(stored.products().get("lamp").vector()).hasSize(EmbeddingServer.DIMENSION);
        assertThat(stored.users().get("ada").vector()).hasSize(EmbeddingServer.DIMENSION);
        assertThat(stored.users().get("bob").vector()).hasSize(EmbeddingServer.DIMENSION);
      }
      String said = migration.run("model", "switch");
      assertThat(said)
          .contains(
              "embedding.model=remote",
              "embedding.remote.url=" + server.url(),
              "embedding.remote.api_key_file=" + key)
          .doesNotContain(KEY);
      assertThat(server.keys()).containsOnly("Bearer " + KEY);
    }
  }
}
