package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WordsSchemaTest {

  private static final SparseVectorConfig NONE = SparseVectorConfig.getDefaultInstance();

  private ScriptedQdrant server;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedQdrant();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void check(boolean enabled, SparseVectorConfig existing) {
    try (VectorStore store =
        VectorStore.connect(server.settings("qdrant.words.enabled=" + enabled))) {
      new WordsSchema(store).check(existing);
    }
  }

  @Test
  void a_server_that_cannot_add_the_vector_is_refused_with_the_way_out() {
    server.withVersion("1.17.3");
    assertThatThrownBy(() -> check(true, NONE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("collection 'products'")
        .hasMessageContaining("Qdrant 1.17.3 cannot add them")
        .hasMessageContaining("update it to 1.18, or name another collection");
  }

  @Test
  void words_that_would_not_be_written_any_more_are_refused() {
    assertThatThrownBy(() -> check(false, WordsSchema.CONFIG))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has the words of its products, but qdrant.words.enabled is false");
  }

  @Test
  void a_vector_of_another_kind_is_refused() {
    assertThatThrownBy(
            () ->
                check(
                    true,
                    SparseVectorConfig.newBuilder()
                        .putMap(PointVectors.WORDS, SparseVectorParams.getDefaultInstance())
                        .build()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("without the modifier idf");
  }

  @Test
  void what_is_as_it_should_be_asks_the_server_for_nothing() {
    assertThatCode(() -> check(true, WordsSchema.CONFIG)).doesNotThrowAnyException();
    assertThatCode(() -> check(false, NONE)).doesNotThrowAnyException();
    assertThat(server.calls()).isZero();
  }
}
