package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.CatalogCollection.Write;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which a micro-batch and a load can interleave their reads and writes of a product,
 * one after another instead of by chance.
 */
@ExtendWith(SharedServices.class)
class CatalogInterleavingIT {
  private static final ObjectNode LISTED =
      Shop.product("lamp", "Lamp", "As the catalogue has it", "Home", 35);
  private static final ObjectNode SOLD = Shop.product("lamp", "Old lamp", "Of oak", "Home", 30);
  private static final Instant LOADED_AT = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant BEFORE = Instant.parse("2026-01-01T11:00:00Z");
  private static final Instant AFTER = Instant.parse("2026-01-01T13:00:00Z");
  private static final ProductCollection.Stored NOTHING =
      new ProductCollection.Stored(Map.of(), Map.of());
  private static final Duration LONGEST_BATCH = Duration.ofMillis(100);

  @TempDir private Path folder;

  private Deployment deployment;
  private Settings settings;
  private VectorStore store;
  private EmbeddingService embeddings;
  private CatalogCollection catalogue;
  private ProductCollection pipeline;

  @BeforeEach
  void makeTheCollection(Services services) {
    deployment = new Deployment(services, folder);
    settings = deployment.settings();
    store = VectorStore.connect(settings.qdrant());
    embeddings = EmbeddingService.shared(settings.embedding());
    new CollectionSchemas(store, embeddings.dimension(), embeddings.identity()).ensure(false, true);
    // A micro-batch stores its events before it reads their products.
    EventCollection events = new EventCollection(settings.qdrant());
    events.await(events.store(List.of(event(SOLD, BEFORE)), null, "q:1:0"));
    catalogue = new CatalogCollection(store);
    pipeline = new ProductCollection(settings.qdrant());
  }

  @AfterEach
  void removeTheCollection() {
    VectorStore.closeShared(settings.qdrant());
    store.close();
    deployment.close();
  }

  private static Product product(ObjectNode json) {
    return new Product(
        json.path("id").textValue(),
        json.path("name").textValue(),
        json.path("description").textValue(),
        json.path("category").textValue(),
        json.path("price").doubleValue());
  }

  private static String text(Product product) {
    return ProductText.of(product.name(), product.description(), product.category());
  }

  private static ProductDelta view(ObjectNode product, Instant time) {
    ProductDelta delta = new ProductDelta(8);
    delta.add(event(product, time));
    return delta;
  }

  private static ShopEvent event(ObjectNode product, Instant time) {
    long micros = time.getEpochSecond() * 1_000_000;
    return new ShopEvent(
        0,
        0,
        micros,
        "e",
        time.toString(),
        micros,
        "u",
        EventType.VIEW,
        "s",
        product(product),
        null,
        null,
        null,
        null,
        null);
  }

  /** Writes as a micro-batch that has read this before. */
  private void writeBatch(ProductCollection.Stored readBefore, ProductDelta delta, String batch) {
    String model = embeddings.modelName();
    ProductState before = readBefore.states().get("lamp");
    ProductState after =
        before == null ? ProductState.of(delta, model, batch) : before.plus(delta, model, batch);
    Map<String, float[]> vectors = new HashMap<>(readBefore.vectors());
    if (before == null || !before.newest().textHash().equals(after.newest().textHash())) {
      vectors.put("lamp", embeddings.embed(List.of(text(after.newest().product()))).get(0));
    }
    pipeline.store(List.of(after), vectors, Fence.NONE);
  }

  private ProductCollection.Stored read() {
    return pipeline.read(List.of("lamp"), Fence.NONE);
  }

  private ProductState state() {
    return read().states().get("lamp");
  }

  /**
   * @param afterWriting runs when the load has written the product, and not yet checked it again
   */
  private CatalogLoad load(Runnable afterWriting) throws IOException {
    Path path = Files.writeString(folder.resolve("catalogue.jsonl"), LISTED + "\n");
    CatalogLoad load =
        new CatalogLoad(embeddings, catalogue, LOADED_AT, LONGEST_BATCH, problem -> {});
    try (CatalogFile file = CatalogFile.open(path, load::failed)) {
      assertThat(load.run(file, afterWriting)).isTrue();
    }
    return load;
  }

  private void assertStored(ObjectNode product, long views) {
    Point point = deployment.stored().products().get("lamp");
    assertThat(point.counts()).isEqualTo(Map.of("view", views));
    assertThat(point.payload().get("product")).isEqualTo(Stored.asStored(product));
    StoreAssertions.assertSameDirection(
        point.vector(), StoreAssertions.embedding(embeddings, product));
  }

  @Test
  void a_product_that_a_batch_stored_since_the_look_up_is_not_replaced() {
    assertThat(catalogue.find(List.of("lamp"))).isEmpty();
    writeBatch(NOTHING, view(SOLD, BEFORE), "q:1:0");

    Product listed = product(LISTED);
    catalogue.store(
        List.of(
            new Write(
                new ProductVersion(
                    listed, ProductText.hash(text(listed)), LOADED_AT.getEpochSecond() * 1_000_000),
                embeddings.modelName(),
                true,
                embeddings.embed(List.of(text(listed))).get(0))));

    assertStored(SOLD, 1);
  }

  @Test
  void a_batch_that_did_not_find_the_product_keeps_its_counts_and_gets_the_description()
      throws IOException {
    load(() -> writeBatch(NOTHING, view(SOLD, BEFORE), "q:1:0"));

    assertStored(LISTED, 1);
  }

  @Test
  void a_batch_that_puts_the_older_description_back_is_found_out() throws IOException {
    writeBatch(NOTHING, view(SOLD, BEFORE), "q:1:0");
    ProductCollection.Stored read = read();

    load(() -> writeBatch(read, view(SOLD, BEFORE), "q:2:0"));

    assertStored(LISTED, 2);
    assertThat(state().batch()).isEqualTo("q:2:0");
  }

  @Test
  void a_newer_description_of_a_batch_stays() throws IOException {
    writeBatch(NOTHING, view(SOLD, BEFORE), "q:1:0");

    load(() -> writeBatch(read(), view(SOLD, AFTER), "q:2:0"));

    assertStored(SOLD, 2);
  }

  @Test
  void the_first_event_of_a_loaded_product_is_counted_on_top_of_it() throws IOException {
    load(() -> {});
    ProductCollection.Stored loaded = read();

    writeBatch(loaded, view(SOLD, BEFORE), "q:1:0");

    assertThat(loaded.states().get("lamp").counts().total()).isZero();
    assertStored(LISTED, 1);
    assertThat(deployment.stored().products().get("lamp").text("first_seen"))
        .isEqualTo(BEFORE.toString());
  }

  @Test
  void a_product_that_the_products_topic_knows_is_skipped() throws IOException {
    writeBatch(NOTHING, view(SOLD, BEFORE), "q:1:0");
    ProductCollection.Stored read = read();
    ProductState listed =
        state()
            .listed(
                new ProductRecord(0, 1, BEFORE.toEpochMilli(), "lamp", product(SOLD), true), "t");
    pipeline.store(List.of(listed), read.vectors(), Fence.NONE);

    CatalogLoad load = load(() -> {});

    assertThat(load.counts().skipped()).isEqualTo(1);
    assertStored(SOLD, 1);
  }

  @Test
  void a_product_whose_text_waits_for_its_embedding_gets_it_and_still_says_what_waits()
      throws IOException {
    Product listed = product(LISTED);
    ProductState pending =
        ProductState.of(view(LISTED, BEFORE), embeddings.modelName(), "q:1:0")
            .withPending(Map.of(ProductText.hash(text(listed)), text(listed)), 8);
    pipeline.store(List.of(pending), Map.of(), Fence.NONE);

    CatalogLoad load = load(() -> {});

    assertThat(load.counts().updated()).isEqualTo(1);
    assertStored(LISTED, 1);
    assertThat(state().isPending()).isTrue();
  }
}
