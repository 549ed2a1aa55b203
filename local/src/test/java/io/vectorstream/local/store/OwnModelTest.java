package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import io.vectorstream.stream.ProductMerger;
import io.vectorstream.stream.TaskSettings;
import io.vectorstream.stream.TextEmbedder;
import io.vectorstream.stream.UserMerger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model with a prompt before products and another before searches, from event to answer. */
class OwnModelTest {
  private static final long NOW = 1_705_314_600_000_000L;

  @TempDir private Path temp;
  private TemporaryVectorStore server;
  private Settings settings;
  private VectorStore store;
  private EmbeddingService embeddings;

  @BeforeEach
  void start() throws IOException {
    server = TemporaryVectorStore.start("own-model");
    settings = SmallModels.settings(server, SmallModels.folder(temp, "prompts"));
    store = VectorStore.connect(settings.qdrant());
    embeddings = EmbeddingService.shared(settings.embedding());
    new CollectionSchemas(store, embeddings.dimension(), embeddings.identity()).ensure(false, true);
  }

  @AfterEach
  void stop() {
    EmbeddingService.allShared().forEach(EmbeddingService::close);
    VectorStore.closeShared(settings.qdrant());
    store.close();
    server.close();
  }

  @Test
  void products_and_searches_are_embedded_with_their_prompts_and_searches_find_products() {
    merge(
        event(1, EventType.VIEW, new Product("boots", "Hiking boots", "", "Shoes", 89), null),
        event(2, EventType.SEARCH, null, "boots for hiking"));

    String text = ProductText.of("Hiking boots", "", "Shoes");
    float[] product = new ProductCollection(store).vectors(List.of("boots")).get("boots");
    assertThat(SmallModels.cosine(product, embeddings.embed(List.of(text)).get(0)))
        .isGreaterThan(0.9999);
    assertThat(SmallModels.cosine(product, embeddings.embedQuery(text))).isLessThan(0.999);
    // The user has searched only.
    float[] interest = new UserCollection(store).interest("ada").orElseThrow();
    assertThat(SmallModels.cosine(interest, embeddings.embedQuery("boots for hiking")))
        .isGreaterThan(0.9999);
    assertThat(SmallModels.cosine(interest, embeddings.embed(List.of("boots for hiking")).get(0)))
        .isLessThan(0.999);
    assertThat(new ProductSearch(store, embeddings).byText("boots", SearchFilter.NONE, 10))
        .extracting(hit -> hit.id())
        .containsExactly("boots");
  }

  @Test
  void a_search_with_another_model_is_refused_also_where_the_collection_changes_later()
      throws IOException {
    Settings others = SmallModels.settings(server, SmallModels.folder(temp, "new-max"));
    try (EmbeddingService other = EmbeddingService.open(others.embedding())) {
      ProductSearch search = new ProductSearch(store, other);
      merge(event(1, EventType.VIEW, new Product("boots", "Hiking boots", "", "Shoes", 89), null));

      assertThatThrownBy(() -> search.byText("boots", SearchFilter.NONE, 10))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(
              "holds vectors of the model %s, but embedding.model is %s",
              embeddings.modelName(), other.modelName());
      // And again: a refusal is not forgotten.
      assertThatThrownBy(() -> search.byText("boots", SearchFilter.NONE, 10))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void an_executor_with_other_files_than_the_drivers_is_told() throws IOException {
    TaskSettings ofDriver = TaskSettings.of(settings);
    EmbeddingService.allShared().forEach(EmbeddingService::close);
    Path folder = Path.of(settings.embedding().model());
    byte[] bytes = Files.readAllBytes(folder.resolve("tokenizer.json"));
    Files.write(folder.resolve("tokenizer.json"), (new String(bytes) + "\n").getBytes());

    assertThatThrownBy(
            () ->
                new ProductMerger(
                    ofDriver, new BatchMark("q", 1, "0"), Fence.NONE, embedder(embeddings)))
        .hasMessageContaining("the embedding model of this executor is prompts@")
        .hasMessageContaining("expected the same files on every machine");
  }

  private void merge(ShopEvent... events) {
    Deltas deltas = new Deltas(settings.interest());
    List.of(events).forEach(deltas::add);
    TaskSettings tasks = TaskSettings.of(settings);
    BatchMark batch = new BatchMark("q", 1, "0");
    TextVectors products =
        new ProductMerger(tasks, batch, Fence.NONE, embedder(embeddings))
            .merge(List.copyOf(deltas.products()));
    List<UserDelta> users = new ArrayList<>(deltas.users());
    users.removeIf(user -> !user.userId().equals("ada"));
    new UserMerger(tasks, batch, Fence.NONE, products, embedder(embeddings))
        .merge(List.of(users).iterator());
  }

  private static TextEmbedder embedder(EmbeddingService embeddings) {
    return new TextEmbedder(embeddings, Duration.ofMinutes(1), nanos -> {}, left -> {});
  }

  /** The search is of the user ada, and everything else of another one. */
  private static ShopEvent event(long offset, EventType type, Product product, String query) {
    return new ShopEvent(
        0,
        offset,
        NOW,
        "e-" + offset,
        "2024-01-15T10:30:00Z",
        NOW,
        query == null ? "bob" : "ada",
        type,
        "s-1",
        product,
        product == null ? null : 1L,
        product == null ? null : product.price(),
        null,
        null,
        query);
  }
}
