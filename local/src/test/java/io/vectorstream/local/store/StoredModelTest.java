package io.vectorstream.local.store;

import static io.qdrant.client.ValueFactory.value;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.StoredModel;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of a collection's vectors against the model of a command. */
class StoredModelTest {
  private static final int DIMENSION = 4;
  private static final float[] VECTOR = {0, 1, 0, 0};
  private static final String ONE = "0123456789abcdef";
  private static final String OTHER = "fedcba9876543210";
  private static final ModelIdentity MODEL = new ModelIdentity("e5", ONE, true);

  @TempDir Path folder;
  private StoreFixture server;
  private VectorStore store;

  @BeforeEach
  void start() {
    server = new StoreFixture(folder);
    store =
        VectorStore.connect(
            SettingsLoader.load(
                    Optional.empty(),
                    Map.of(),
                    List.of("qdrant.host=127.0.0.1", "qdrant.port=" + server.store.port()))
                .qdrant());
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void collections_that_are_not_there_pass() {
    assertThatCode(() -> new StoredModel(store, MODEL).requireEverywhere())
        .doesNotThrowAnyException();
    assertThatCode(() -> new StoredModel(store, MODEL).requireProducts(DIMENSION))
        .doesNotThrowAnyException();
  }

  @Test
  void the_same_fingerprint_passes_under_any_name_and_an_older_name_beside_it() {
    create();
    product("1", "e5@" + ONE);
    product("2", "a-copy-of-e5@" + ONE);
    product("3", "e5");

    assertThatCode(() -> new StoredModel(store, MODEL).requireEverywhere())
        .doesNotThrowAnyException();
    // A start checks the same.
    assertThatCode(() -> new CollectionSchemas(store, DIMENSION, MODEL).ensure(false, true))
        .doesNotThrowAnyException();
  }

  @Test
  void another_fingerprint_is_refused_under_the_same_name_too_with_what_to_do() {
    create();
    product("1", "e5@" + ONE);
    product("2", "e5@" + OTHER);

    assertThatThrownBy(() -> new StoredModel(store, MODEL).requireProducts())
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "collection 'products' at 127.0.0.1:%d holds vectors of the model e5@%s, but embedding.model is e5@%s (its files, or what is set of its prompts, pooling and dimensions, are others now); their vectors cannot be compared: set the model back, embed everything again beside the pipeline (model migrate --to), or name other collections (qdrant.collections) and another checkpoint (stream.checkpoint)"
                .formatted(server.store.port(), OTHER, ONE));
  }

  @Test
  void an_older_name_is_refused_where_older_versions_computed_something_else() {
    create();
    product("1", "e5");
    ModelIdentity withPrompts = new ModelIdentity("e5", OTHER, false);

    assertThatThrownBy(() -> new StoredModel(store, withPrompts).requireProducts())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(
            "(an older version of this program, which took no notice of prompts, pooling, layers"
                + " and dimensions, made those vectors)");
  }

  @Test
  void users_are_checked_too() {
    create();
    server.upsert(
        store.collections().users(),
        StoreFixture.point(
            PointIds.user("ada"),
            Map.of("user_id", value("ada"), "model", value("e5@" + OTHER)),
            VECTOR));

    assertThatThrownBy(() -> new StoredModel(store, MODEL).requireEverywhere())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("collection 'users'");
  }

  @Test
  void vectors_of_another_length_are_told_by_their_length() {
    create();

    assertThatThrownBy(() -> new StoredModel(store, MODEL).requireProducts(8))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(
            "holds vectors of 4 floats, but the embedding model e5@" + ONE + " makes 8");
  }

  private void create() {
    new CollectionSchemas(store, DIMENSION, MODEL).ensure(false, true);
  }

  private void product(String id, String model) {
    server.upsert(
        store.collections().products(),
        StoreFixture.point(PointIds.point(id), Map.of("model", value(model)), VECTOR));
  }
}
