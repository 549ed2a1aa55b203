package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogCollectionTest {

  /** A server that does not know the condition would overwrite products, counts and all. */
  @ParameterizedTest
  @CsvSource({
    "1.15.5, false",
    "1.9.2, false",
    "0.99.0, false",
    "'', false",
    "dev, false",
    "1.16.0, true",
    "1.18.0-dev, true",
    "2.0.0, true"
  })
  void only_a_server_that_can_insert_without_replacing_is_trusted(
      String version, boolean expected) {
    assertThat(CatalogCollection.canInsertOnly(version)).isEqualTo(expected);
  }

  @Test
  void a_server_that_is_too_old_is_refused_with_both_versions() throws IOException {
    try (ScriptedQdrant server = new ScriptedQdrant().withVersion("1.15.4");
        VectorStore store = VectorStore.connect(server.settings())) {
      assertThatThrownBy(() -> new CatalogCollection(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContainingAll(store.address(), "version 1.15.4", "from 1.16 on");
    }
  }
}
