package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.search.Recommender;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CatalogCollection.Write;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.Fence;
import io.vectorstream.store.KnownProducts;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.Demanded;
import io.vectorstream.store.ProductQueries.SearchTarget;
import io.vectorstream.store.Ranking;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden and retired products, in every query that returns products, and under a catalogue. */
class UnseenProductsTest {

  private static final float[] VECTOR = {0, 1, 0, 0};
  private static final Instant NOW = Instant.now();
  private static final String[] SEEN = {"of-events", "listed"};

  @TempDir Path folder;
  private StoreFixture server;
  private Settings.Qdrant settings;
  private VectorStore store;
  private ProductCollection products;

  @BeforeEach
  void storeProductsOfEachKind() {
    server = new StoreFixture(folder);
    Settings all =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of("qdrant.host=127.0.0.1", "qdrant.port=" + server.store.port()));
    settings = all.qdrant();
    store = VectorStore.connect(settings);
    new CollectionSchemas(store, VECTOR.length, ModelIdentity.named("model")).ensure(false, true);
    products = new ProductCollection(settings);
    store(product("of-events"));
    store(product("listed").listed(version("listed", true), "topic"));
    store(product("hidden").listed(version("hidden", false), "topic"));
    store(product("retired").listed(new ProductRecord(0, 1, 1, "retired", null, false), "topic"));
  }

  @AfterEach
  void stop() {
    VectorStore.closeShared(settings);
    store.close();
    server.close();
  }

  @Test
  void a_search_finds_neither() {
    assertThat(new ProductQueries(store).nearest(SearchTarget.of(VECTOR), SearchFilter.NONE, 10))
        .extracting(ProductHit::id)
        .containsExactlyInAnyOrder(SEEN);
  }

  @Test
  void recommendations_have_neither_and_a_hidden_product_still_has_products_like_it() {
    ProductQueries queries = new ProductQueries(store);

    assertThat(
            queries.candidates(
                SearchTarget.of(VECTOR),
                SearchFilter.NONE,
                KnownProducts.NONE,
                100,
                10,
                new Ranking(0.1, Map.of("hidden", 1.0))))
        .extracting(candidate -> candidate.hit().id())
        .containsExactlyInAnyOrder(SEEN);
    Recommender recommender =
        new Recommender(
            store, SettingsLoader.load(Optional.empty(), Map.of(), List.of()).recommend());
    assertThat(recommender.forProduct("hidden", SearchFilter.NONE, 10, 0))
        .extracting(ProductHit::id)
        .containsExactlyInAnyOrder(SEEN);
    assertThat(recommender.forUser("nobody", SearchFilter.NONE, 10, 0, false).products())
        .extracting(ProductHit::id)
        .containsExactlyInAnyOrder(SEEN);
  }

  @Test
  void neither_is_in_demand_also_with_what_no_batch_has_merged() {
    ProductQueries queries = new ProductQueries(store);

    assertThat(queries.trending(SearchFilter.NONE, KnownProducts.NONE, 10, NOW))
        .extracting(ProductHit::id)
        .containsExactlyInAnyOrder(SEEN);
    assertThat(queries.demanded(SearchFilter.NONE, 10, NOW))
        .extracting(Demanded::hit)
        .extracting(ProductHit::id)
        .containsExactlyInAnyOrder(SEEN);
    assertThat(
            queries.demandedAmong(
                SearchFilter.NONE, List.of("of-events", "listed", "hidden", "retired"), NOW))
        .extracting(Demanded::hit)
        .extracting(ProductHit::id)
        .containsExactlyInAnyOrder(SEEN);
  }

  @Test
  void both_are_known_with_their_counts() {
    assertThat(products.states(List.of("hidden", "retired")).values())
        .hasSize(2)
        .allSatisfy(state -> assertThat(state.counts().total()).isEqualTo(1));
  }

  /** The load has looked these products up before the topic said anything of them. */
  @Test
  void a_catalogue_changes_no_product_that_the_topic_knows() {
    float[] other = {1, 0, 0, 0};
    List<Write> writes =
        List.of("of-events", "listed", "hidden", "retired").stream()
            .map(
                id ->
                    new Write(
                        new ProductVersion(
                            new Product(id, "Of the catalogue", null, null, 1),
                            "hash",
                            ChronoUnit.MICROS.between(Instant.EPOCH, NOW)),
                        "model",
                        false,
                        other))
            .toList();
    CatalogCollection catalogue = new CatalogCollection(store);

    catalogue.store(writes);

    assertThat(products.states(List.of("of-events")).get("of-events").newest().product().name())
        .isEqualTo("Of the catalogue");
    assertThat(products.vectors(List.of("of-events")).get("of-events")).containsExactly(other);
    for (String id : List.of("listed", "hidden", "retired")) {
      assertThat(products.states(List.of(id)).get(id).newest().product().name()).isEqualTo(id);
      assertThat(products.vectors(List.of(id)).get(id)).containsExactly(VECTOR);
      assertThat(catalogue.find(List.of(id)).get(id).listed()).isTrue();
    }
    assertThat(catalogue.find(List.of("of-events")).get("of-events").listed()).isFalse();
  }

  private void store(ProductState state) {
    products.store(List.of(state), Map.of(state.newest().product().id(), VECTOR), Fence.NONE);
  }

  private static ProductState product(String id) {
    ProductDelta delta = new ProductDelta(8);
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, NOW.minusSeconds(60));
    delta.add(
        new ShopEvent(
            0,
            0,
            micros,
            "e",
            NOW.toString(),
            micros,
            "u",
            EventType.VIEW,
            "s",
            new Product(id, id, null, null, 5),
            null,
            null,
            null,
            null,
            null));
    return ProductState.of(delta, "model", "q:1:ab");
  }

  private static ProductRecord version(String id, boolean available) {
    return new ProductRecord(0, 1, 1, id, new Product(id, id, null, null, 5), available);
  }
}
