package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings.Engine;
import io.vectorstream.config.Settings.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tiny models of each kind, compared with the vectors that the library Sentence Transformers has
 * computed with the same files: {@code make_models.py} has made both.
 */
class SentenceTransformersTest {
  private static final double ROUNDING = 2e-5;

  private static JsonNode expected;

  @TempDir private Path temp;

  @BeforeAll
  static void readExpected() throws IOException {
    expected = new ObjectMapper().readTree(TinyModels.file("expected.json").toFile());
  }

  static Stream<String> models() throws IOException {
    readExpected();
    List<String> names = new ArrayList<>();
    expected.path("models").fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  static Stream<String> networksForPyTorch() throws IOException {
    return models()
        .filter(name -> expected.path("models").path(name).path("base").asText().equals("bert"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void vectors_are_those_of_sentence_transformers(String name) throws IOException {
    compare(name, Engine.AUTO);
  }

  @ParameterizedTest
  @MethodSource("networksForPyTorch")
  void pytorch_computes_the_same(String name) throws IOException {
    compare(name, Engine.PYTORCH);
  }

  private void compare(String name, Engine engine) throws IOException {
    String base = expected.path("models").path(name).path("base").asText();
    compare(name, TinyModels.folder(temp, base, name), engine);
  }

  private static void compare(String name, Path folder, Engine engine) throws IOException {
    JsonNode model = expected.path("models").path(name);
    List<String> texts = texts("texts");
    List<String> searches = texts("searches");
    try (EmbeddingService service =
        EmbeddingService.open(settings(folder.toString(), engine, Precision.FP32))) {
      assertAreNear(service.embed(texts), model.path("documents"));
      assertAreNear(
          service.embedQueries(searches, Duration.ofMinutes(1)).vectors(), model.path("queries"));
      assertAreNear(searches.stream().map(service::embedQuery).toList(), model.path("queries"));
      assertThat(service.dimension()).isEqualTo(model.path("documents").path(0).size());
    }
  }

  /** A folder as Sentence Transformers save it has no ONNX file. */
  @ParameterizedTest
  @MethodSource("networksForPyTorch")
  void a_bert_is_computed_from_its_weights_alone(String name) throws IOException {
    for (Engine engine : List.of(Engine.ONNXRUNTIME, Engine.PYTORCH)) {
      Path folder = TinyModels.folder(temp.resolve(engine.name()), "bert", name);
      Files.delete(folder.resolve("model.onnx"));
      Files.copy(TinyModels.file("weights/model.safetensors"), folder.resolve("model.safetensors"));

      compare(name, folder, engine);
    }
  }

  @Test
  void int8_is_nearly_the_same_with_another_pooling_too() throws IOException {
    Path folder = TinyModels.folder(temp, "bert", "three-and-dense");
    try (EmbeddingService service =
        EmbeddingService.open(settings(folder.toString(), Engine.ONNXRUNTIME, Precision.INT8))) {
      List<float[]> vectors = service.embed(texts("texts"));
      for (int i = 0; i < vectors.size(); i++) {
        JsonNode exact = expected.path("models").path("three-and-dense").path("documents").path(i);
        assertThat(EmbeddingTestParts.cosine(vectors.get(i), numbers(exact))).isGreaterThan(0.98);
      }
    }
  }

  private static List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    expected.path(field).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static float[] numbers(JsonNode vector) {
    float[] numbers = new float[vector.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = vector.path(i).floatValue();
    }
    return numbers;
  }

  private static void assertAreNear(List<float[]> vectors, JsonNode expected) {
    assertThat(vectors).hasSize(expected.size());
    for (int i = 0; i < vectors.size(); i++) {
      float[] own = vectors.get(i);
      float[] theirs = numbers(expected.path(i));
      assertThat(own).hasSameSizeAs(theirs);
      for (int place = 0; place < own.length; place++) {
        assertThat((double) own[place])
            .as("text %d, number %d", i, place)
            .isCloseTo(theirs[place], within(ROUNDING));
      }
    }
  }
}
