package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.shop.Product;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CatalogCollection.Write;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search by words beside the meaning, with the bundled model, from what is written on. */
class HybridSearchTest {

  private static final List<String> BEARINGS =
      List.of(
          "6203-2RS",
          "6203-ZZ",
          "6204-2RS",
          "6204-ZZ",
          "6205-2RS",
          "6205-ZZ",
          "6305-2RS",
          "6305-ZZ",
          "6306-2RS",
          "NU205-ECP",
          "NU206-ECP",
          "NU2205-ECP",
          "22205-E",
          "22206-E");

  @TempDir Path folder;
  private StoreFixture server;
  private EmbeddingService embeddings;
  private final List<VectorStore> stores = new ArrayList<>();

  @BeforeEach
  void start() {
    server = new StoreFixture(folder.resolve("store"));
    embeddings = EmbeddingService.open(settings().embedding());
  }

  @AfterEach
  void stop() {
    stores.forEach(VectorStore::close);
    embeddings.close();
    server.close();
  }

  private Settings settings(String... more) {
    List<String> given =
        new ArrayList<>(
            List.of(
                "qdrant.host=127.0.0.1",
                "qdrant.port=" + server.store.port(),
                "embedding.device=cpu"));
    given.addAll(List.of(more));
    return SettingsLoader.load(Optional.empty(), Map.of(), given);
  }

  private VectorStore store(boolean hybrid) {
    VectorStore store = VectorStore.connect(settings("qdrant.words.enabled=" + hybrid).qdrant());
    stores.add(store);
    return store;
  }

  private VectorStore prepared(boolean hybrid) {
    VectorStore store = store(hybrid);
    new CollectionSchemas(store, embeddings.dimension(), embeddings.identity()).ensureProducts();
    return store;
  }

  private static Product product(String id, String name, String description) {
    return new Product(id, name, description, "Parts", 10);
  }

  private ProductState state(Product product) {
    return ProductState.unseen(ProductVersion.of(product, 1), embeddings.modelName());
  }

  /** Writes products as a batch does; one whose text waits has no vector. */
  private void write(VectorStore store, boolean embedded, Product... products) {
    Map<String, float[]> vectors = new HashMap<>();
    List<ProductState> states = new ArrayList<>();
    for (Product product : products) {
      ProductState state = state(product);
      states.add(embedded ? state : state.withNewestPending());
      if (embedded) {
        vectors.put(product.id(), embeddings.embed(List.of(state.newest().text())).get(0));
      }
    }
    new ProductCollection(store).store(states, vectors, Fence.NONE);
  }

  private void writeBearings(VectorStore store) {
    write(
        store,
        true,
        BEARINGS.stream()
            .map(
                number ->
                    product(
                        "p-" + BEARINGS.indexOf(number),
                        "Bearing " + number,
                        "Deep groove ball bearing for motors and gearboxes."))
            .toArray(Product[]::new));
  }

  private List<String> found(VectorStore store, String text) {
    return new ProductSearch(store, embeddings)
        .byText(text, SearchFilter.NONE, 10).stream().map(ProductHit::id).toList();
  }

  @Test
  void the_right_part_number_comes_first_where_meaning_alone_ranks_another_one_first() {
    VectorStore hybrid = prepared(true);
    writeBearings(hybrid);
    VectorStore meaning = store(false);
    int wrong = 0;
    for (String number : BEARINGS) {
      for (String text : List.of(number, number.replace("-", ""), number.replace('-', ' '))) {
        String right = "p-" + BEARINGS.indexOf(number);
        assertThat(found(hybrid, text)).as(text).startsWith(right);
        if (!found(meaning, text).get(0).equals(right)) {
          wrong++;
        }
      }
    }
    assertThat(wrong).isPositive();
  }

  @Test
  void an_id_comes_first_whatever_else_fits_and_only_if_the_filter_lets_it_through() {
    VectorStore store = prepared(true);
    writeBearings(store);
    write(store, true, product("Bearing", "Winter jacket", "Warm and dry."));

    List<ProductHit> hits =
        new ProductSearch(store, embeddings).byText("Bearing", SearchFilter.NONE, 3);
    assertThat(hits).extracting(ProductHit::id).hasSize(3).startsWith("Bearing");
    assertThat(hits)
        .extracting(ProductHit::score)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    SearchFilter dear =
        new SearchFilter(Optional.empty(), OptionalDouble.of(11), OptionalDouble.empty());
    assertThat(new ProductSearch(store, embeddings).byText("Bearing", dear, 3)).isEmpty();
  }

  @Test
  void a_product_that_waits_for_its_embedding_is_found_by_its_words() {
    VectorStore store = prepared(true);
    writeBearings(store);
    write(store, false, product("new", "Zirconia spindle QX-77421", ""));
    assertThat(found(store, "QX77421")).contains("new");
    assertThat(found(store, "spindles")).contains("new");
    assertThat(found(store(false), "spindle")).doesNotContain("new");
  }

  @Test
  void words_are_those_of_the_last_description_whoever_writes_it() {
    VectorStore store = prepared(true);
    writeBearings(store);
    write(store, false, product("x", "Gasket A1111", ""));
    write(store, false, product("x", "Gasket B2222", ""));
    assertThat(found(store, "A1111")).doesNotContain("x");
    assertThat(found(store, "B2222")).contains("x");

    // A catalogue sets parts of a point that is there, here without an embedding.
    CatalogCollection catalog = new CatalogCollection(store);
    ProductVersion third = ProductVersion.of(product("x", "Gasket C3333", ""), 2);
    catalog.store(List.of(new Write(third, embeddings.modelName(), false, null, true)));
    assertThat(found(store, "B2222")).doesNotContain("x");
    assertThat(found(store, "C3333")).contains("x");
    ProductVersion other = ProductVersion.of(product("y", "Gasket D4444", ""), 2);
    catalog.store(List.of(new Write(other, embeddings.modelName(), true, null, true)));
    assertThat(found(store, "D4444")).contains("y");

    // What the products topic hides is found by neither.
    ProductState hidden =
        state(product("x", "Gasket C3333", ""))
            .listed(new ProductRecord(0, 1, 1, "x", null, false), "topic");
    new ProductCollection(store).store(List.of(hidden), Map.of(), Fence.NONE);
    assertThat(found(store, "C3333")).doesNotContain("x");
    assertThat(found(store, "x")).doesNotContain("x");
  }

  @Test
  void products_of_a_collection_without_words_get_them_at_the_start() {
    VectorStore before = prepared(false);
    writeBearings(before);
    assertThatThrownBy(() -> found(store(true), "6203-ZZ"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has no words of its products");

    VectorStore after = prepared(true);
    for (String number : BEARINGS) {
      assertThat(found(after, number).get(0)).isEqualTo("p-" + BEARINGS.indexOf(number));
    }
    assertThat(new ProductCollection(after).vectors(List.of("p-0"))).containsKey("p-0");
  }

  @Test
  void a_collection_with_words_is_not_written_without_them() {
    prepared(true);
    assertThatThrownBy(() -> prepared(false))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("qdrant.words.enabled is false");
  }

  @Test
  void reading_a_product_to_change_it_gives_its_embedding() {
    VectorStore store = prepared(true);
    writeBearings(store);
    ProductCollection.Stored stored =
        new ProductCollection(store).read(List.of("p-0", "p-1"), Fence.NONE);
    assertThat(stored.vectors()).containsOnlyKeys("p-0", "p-1");
    assertThat(stored.vectors().get("p-0")).hasSize(embeddings.dimension());
  }
}
