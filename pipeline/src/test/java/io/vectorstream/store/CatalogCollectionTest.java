package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.OperationCase;
import io.vectorstream.config.Words;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.shop.Product;
import io.vectorstream.store.CatalogCollection.Write;
import io.vectorstream.words.ProductWords;
import java.io.IOException;
import java.util.List;
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

  /** The pipeline may write the older vector between the operations of one call. */
  @Test
  void a_vector_is_set_before_the_description_and_after_it() {
    Product lamp = new Product("lamp", "Lamp", "bright", "Home", 9.5);
    List<PointsUpdateOperation> operations =
        CatalogCollection.operations(
            List.of(
                new Write(new ProductVersion(lamp, "hash", 1), "model", false, new float[] {1, 0})),
            product -> null);

    assertThat(operations)
        .extracting(PointsUpdateOperation::getOperationCase)
        .containsExactly(
            OperationCase.UPDATE_VECTORS,
            OperationCase.SET_PAYLOAD,
            OperationCase.UPDATE_VECTORS,
            OperationCase.DELETE_PAYLOAD);
  }

  @Test
  void words_are_set_with_a_description_whether_there_is_a_vector_or_not() {
    Product lamp = new Product("lamp", "Lamp", "bright", "Home", 9.5);
    ProductWords words = new ProductWords(new Words(true, "en", 60));
    List<PointsUpdateOperation> operations =
        CatalogCollection.operations(
            List.of(new Write(new ProductVersion(lamp, "hash", 1), "model", false, null)),
            words::of);

    assertThat(operations)
        .extracting(PointsUpdateOperation::getOperationCase)
        .containsExactly(
            OperationCase.UPDATE_VECTORS, OperationCase.SET_PAYLOAD, OperationCase.UPDATE_VECTORS);
    assertThat(operations.get(0).getUpdateVectors().getPoints(0).getVectors())
        .isEqualTo(PointVectors.of(null, words.of(lamp)));
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
