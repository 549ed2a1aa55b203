package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.catalog.LoadCounts;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The batches of a load: which of them is embedded while which is stored. */
class CatalogLoadTest {
  private static final int BATCH = 256;
  private static final int PRODUCTS = 3 * BATCH + 1;

  @TempDir Path folder;
  private StoreFixture server;
  private VectorStore store;
  private EmbeddingService embeddings;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    server = new StoreFixture(folder.resolve("store"));
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of(
                "qdrant.host=127.0.0.1",
                "qdrant.port=" + server.store.port(),
                "embedding.device=cpu"));
    store = VectorStore.connect(settings.qdrant());
    embeddings = EmbeddingService.open(settings.embedding());
    new CollectionSchemas(store, embeddings.dimension(), embeddings.identity()).ensureProducts();
    file =
        Files.writeString(
            folder.resolve("catalogue.csv"),
            IntStream.range(0, PRODUCTS)
                .mapToObj(i -> "p-%d,Lamp %d,%d".formatted(i, i, i))
                .collect(Collectors.joining("\n", "id,name,price\n", "\n")));
  }

  @AfterEach
  void stop() {
    embeddings.close();
    store.close();
    server.close();
  }

  private CatalogLoad newLoad() {
    return newLoad(Duration.ofMinutes(1));
  }

  private CatalogLoad newLoad(Duration longestBatch) {
    return new CatalogLoad(
        embeddings, new CatalogCollection(store), Instant.now(), longestBatch, row -> {});
  }

  private boolean run(CatalogLoad load, Runnable afterBatch) throws IOException {
    try (CatalogFile rows = CatalogFile.open(file, load::failed)) {
      return load.run(rows, afterBatch);
    }
  }

  private long stored() {
    return store.ask(client -> client.countAsync(store.collections().products()));
  }

  private void deleteTheCollection() {
    store.ask(client -> client.deleteCollectionAsync(store.collections().products()));
  }

  @Test
  void while_a_batch_is_written_the_next_is_embedded_and_no_other() throws IOException {
    CatalogLoad load = newLoad();
    List<LoadCounts> after = new ArrayList<>();

    assertThat(run(load, () -> after.add(load.counts()))).isTrue();

    assertThat(after)
        .extracting(LoadCounts::inserted)
        .containsExactly(256L, 512L, 768L, (long) PRODUCTS);
    assertThat(after)
        .extracting(LoadCounts::embedded)
        .containsExactly(512L, 768L, (long) PRODUCTS, (long) PRODUCTS);
    assertThat(after).extracting(LoadCounts::read).endsWith((long) PRODUCTS);
    assertThat(stored()).isEqualTo(PRODUCTS);
  }

  @Test
  void a_load_that_is_stopped_stores_what_it_has_embedded_and_the_next_one_goes_on()
      throws IOException {
    CatalogLoad stopped = newLoad();

    assertThat(run(stopped, stopped::stop)).isFalse();

    assertThat(stopped.counts()).isEqualTo(new LoadCounts(512, 512, 512, 0, 0, 0));
    assertThat(stored()).isEqualTo(512);

    CatalogLoad next = newLoad();
    assertThat(run(next, () -> {})).isTrue();
    assertThat(next.counts())
        .isEqualTo(new LoadCounts(PRODUCTS, PRODUCTS - 512, PRODUCTS - 512, 0, 512, 0));
  }

  @Test
  void a_load_that_is_stopped_still_checks_what_it_has_taken_to_be_checked() throws IOException {
    server.payloadCollection(store.collections().events());
    server.upsert(store.collections().events(), StoreFixture.point(1, Map.of()));
    CatalogLoad load = newLoad(Duration.ZERO);

    // The first batch is due then, and is looked up beside the third.
    run(
        load,
        () -> {
          if (load.counts().read() == 2 * BATCH) {
            store.ask(
                client ->
                    client.deleteAsync(
                        store.collections().products(), List.of(PointIds.point("p-0"))));
            load.stop();
          }
        });

    assertThat(load.counts().read()).isEqualTo(3 * BATCH);
    assertThat(stored()).isEqualTo(3 * BATCH);
  }

  @Test
  void a_write_that_fails_ends_the_load_and_is_not_counted() throws IOException {
    CatalogLoad load = newLoad();

    assertThatThrownBy(() -> run(load, this::deleteTheCollection))
        .isInstanceOf(StoreException.class);

    assertThat(load.counts().inserted()).isEqualTo(256);
  }
}
