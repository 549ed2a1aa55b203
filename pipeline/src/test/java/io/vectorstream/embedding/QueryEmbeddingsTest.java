package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Settings;
import io.vectorstream.config.Settings.Engine;
import io.vectorstream.config.Settings.Precision;
import io.vectorstream.config.Settings.SearchPrecision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the model that comes with the program. */
class QueryEmbeddingsTest {

  private static final List<String> QUERIES =
      List.of("red running shoes", "kettle", "gift for a gardener under the tree");

  @AfterEach
  void close() {
    EmbeddingService.allShared().forEach(EmbeddingService::close);
  }

  private static Settings.Embedding settings(Precision precision, SearchPrecision searches) {
    return EmbeddingTestParts.settings("bundled", Engine.AUTO, precision, searches);
  }

  @Test
  void searches_are_computed_in_int8_and_mean_what_they_mean_beside_products() {
    Settings.Embedding products = settings(Precision.FP32, SearchPrecision.AUTO);

    EmbeddingService searches = new QueryEmbeddings(products).get();

    assertThat(searches.engine().precision()).isEqualTo("int8");
    assertThat(searches.modelName()).isEqualTo(EmbeddingService.shared(products).modelName());
    List<float[]> exact = EmbeddingService.shared(products).embed(QUERIES);
    List<float[]> quick = QUERIES.stream().map(searches::embedQuery).toList();
    assertThat(EmbeddingTestParts.lowestCosine(exact, quick)).isBetween(0.98, 0.99999);
  }

  @Test
  void they_are_computed_as_products_where_that_is_asked_for_or_int8_already() {
    for (Settings.Embedding products :
        List.of(
            settings(Precision.FP32, SearchPrecision.SAME),
            settings(Precision.INT8, SearchPrecision.AUTO))) {
      assertThat(new QueryEmbeddings(products).get()).isSameAs(EmbeddingService.shared(products));
    }
  }

  @Test
  void they_are_computed_as_products_where_the_model_cannot_be_had_in_int8(@TempDir Path folder)
      throws IOException {
    // A name that says so is believed: this one cannot be read in int8.
    try (InputStream model = getClass().getResourceAsStream("/all-minilm-l6-v2.onnx");
        InputStream words = getClass().getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
      Files.copy(model, folder.resolve("model.onnx"));
      Files.copy(words, folder.resolve("tokenizer.json"));
    }
    Files.writeString(folder.resolve("model_int8.onnx"), "damaged");
    Settings.Embedding products =
        EmbeddingTestParts.settings(
            folder.toString(), Engine.AUTO, Precision.FP32, SearchPrecision.AUTO);

    assertThat(new QueryEmbeddings(products).get()).isSameAs(EmbeddingService.shared(products));
  }
}
