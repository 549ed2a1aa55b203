package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.merge.ProductState;
import io.vectorstream.shop.Product;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredCatalogTest {
  private static final Catalog CATALOG = Catalog.generate(300, 1);

  @TempDir private Path folder;

  private final TemporaryVectorStore server = TemporaryVectorStore.start("catalogue");

  @AfterEach
  void close() {
    server.close();
  }

  private RunPlan plan(Preload preload, Catalog catalog, String products) {
    List<String> given = new ArrayList<>(server.settings());
    given.add("stream.checkpoint=" + folder.resolve("checkpoint"));
    given.add("qdrant.collections.products=" + products);
    Settings settings = SettingsLoader.load(Optional.empty(), Map.of(), given);
    Load load =
        new Load(
            catalog,
            ShopperSettings.defaults(),
            RecordShape.PLAIN,
            1,
            new Rate(10),
            Duration.ofSeconds(1),
            Duration.ZERO,
            1,
            EventFormat.JSON);
    return new RunPlan(settings, load, ServicesKind.EMBEDDED, null, preload, null, null);
  }

  private static boolean prepare(RunPlan plan) throws InterruptedException {
    return StoredCatalog.prepare(plan, new StopRequest(), said -> {});
  }

  private static List<String> ids() {
    return CATALOG.products().stream().map(Product::id).toList();
  }

  private static Map<String, ProductState> states(RunPlan plan) {
    try (VectorStore store = VectorStore.connect(plan.settings().qdrant())) {
      return new ProductCollection(store).states(ids());
    }
  }

  private static Map<String, float[]> vectors(RunPlan plan) {
    try (VectorStore store = VectorStore.connect(plan.settings().qdrant())) {
      return new ProductCollection(store).vectors(ids());
    }
  }

  @Test
  void products_with_made_up_vectors_are_stored_like_embedded_ones() throws InterruptedException {
    RunPlan embedded = plan(Preload.EMBEDDED, CATALOG, "embedded");
    RunPlan madeUp = plan(Preload.MADE_UP, CATALOG, "made-up");

    assertThat(prepare(embedded)).isTrue();
    assertThat(prepare(madeUp)).isTrue();

    Map<String, ProductState> real = states(embedded);
    assertThat(states(madeUp))
        .hasSize(300)
        .allSatisfy(
            (id, state) -> {
              // So an event about it brings no text that is new.
              assertThat(state.newest().product()).isEqualTo(real.get(id).newest().product());
              assertThat(state.newest().textHash()).isEqualTo(real.get(id).newest().textHash());
              assertThat(state.model()).isEqualTo(real.get(id).model());
              assertThat(state.hasPending()).isFalse();
            });
    assertThat(vectors(madeUp)).hasSize(300);
    assertThat(vectors(madeUp).get(ids().get(0))).isNotEqualTo(vectors(embedded).get(ids().get(0)));
  }

  @Test
  void a_second_run_goes_on_with_what_is_there() throws InterruptedException {
    RunPlan part = plan(Preload.MADE_UP, Catalog.generate(100, 1), "shared");
    RunPlan whole = plan(Preload.MADE_UP, CATALOG, "shared");
    prepare(part);
    assertThat(states(whole)).hasSize(100);
    Map<String, ProductState> before = states(part);

    prepare(whole);
    prepare(whole);

    assertThat(states(whole)).hasSize(300);
    before.forEach(
        (id, state) -> assertThat(states(whole).get(id).newest()).isEqualTo(state.newest()));
  }

  @Test
  void nothing_is_stored_unless_it_is_asked_for() throws InterruptedException {
    RunPlan none = plan(Preload.NONE, CATALOG, "none");

    assertThat(prepare(none)).isTrue();

    try (VectorStore store = VectorStore.connect(none.settings().qdrant())) {
      assertThat(store.exists("none")).isFalse();
    }
  }

  @Test
  void a_stop_ends_it() throws InterruptedException {
    StopRequest stop = new StopRequest();
    stop.request();

    assertThat(StoredCatalog.prepare(plan(Preload.MADE_UP, CATALOG, "p"), stop, said -> {}))
        .isFalse();
  }
}
