package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.cosine;
import static io.vectorstream.embedding.EmbeddingTestParts.settings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import io.vectorstream.config.Settings;
import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model, measured against another program that runs the same one. */
class BundledModelTest {
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final String MODEL = "/all-minilm-l6-v2.onnx";

  private static final List<String> TEXTS =
      List.of(
          "Wireless noise-cancelling headphones. Over-ear, 30 hours of battery. Electronics",
          "x",
          "SKU-4711/B: 5\" x 3' (12.7 cm × 91 cm), 110–240 V @ 50/60 Hz — 20% off!!!",
          "Don't mix O'Neill's \"naïve\" café résumé with Ångström & Æsir",
          "Çelik su şişesi. Isıyı 12 saat korur; ığdır yeşili, büyük boy. Mutfak gereçleri",
          "İSTANBUL hatırası kupa",
          "Sneakers 👟🔥 limited edition 🎉",
          "高品質な日本製の包丁。切れ味が長く続きます。",
          "무선 이어폰, 블루투스 5.3",
          "кроссовки для бега, размер 42",
          "حذاء رياضي مريح",
          "tabs\tand\nnew lines\r\n and   spaces",
          "supercalifragilisticexpialidocious".repeat(5));

  private static EmbeddingService service;
  private static OnnxEmbeddingModel independent;

  @BeforeAll
  static void load(@TempDir Path folder) throws IOException {
    service = EmbeddingService.open(settings(16, 256));
    // By default, the file limits a text to 128 tokens.
    ObjectMapper json = new ObjectMapper();
    ObjectNode tokenizer;
    try (InputStream file = BundledModelTest.class.getResourceAsStream(TOKENIZER)) {
      tokenizer = (ObjectNode) json.readTree(file);
    }
    ((ObjectNode) tokenizer.get("truncation")).put("max_length", 512);
    json.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer);
    try (InputStream file = BundledModelTest.class.getResourceAsStream(MODEL)) {
      Files.copy(file, folder.resolve("model.onnx"));
    }
    independent =
        new OnnxEmbeddingModel(
            folder.resolve("model.onnx"), folder.resolve("tokenizer.json"), PoolingMode.MEAN);
  }

  @AfterAll
  static void close() {
    service.close();
  }

  @Test
  void vectors_agree_with_an_independent_implementation() {
    assertThat(lowestCosine(service, TEXTS)).isGreaterThan(0.9999);
  }

  @Test
  void vectors_of_real_listings_agree_with_an_independent_implementation() throws IOException {
    List<String> listings = Listings.texts();
    Map<Boolean, List<String>> byLength;
    try (TextTokenizer tokenizer = TextTokenizer.fromResource(TOKENIZER, 512)) {
      byLength =
          listings.stream()
              .collect(
                  Collectors.partitioningBy(
                      text -> tokenizer.tokenize(List.of(text)).get(0).length <= 256));
    }
    assertThat(byLength.get(true)).hasSizeGreaterThan(listings.size() / 2);

    assertThat(lowestCosine(service, byLength.get(true))).isGreaterThan(0.9999);
    // The other program never cuts at 256, so long texts are compared where this one does not.
    try (EmbeddingService longer = EmbeddingService.open(settings(16, 512))) {
      assertThat(lowestCosine(longer, byLength.get(false))).isGreaterThan(0.9999);
    }
  }

  @Test
  void a_text_longer_than_the_limit_counts_up_to_the_limit() {
    String beginning = "garden hose ".repeat(127); // 254 tokens, and two that mark the ends
    List<float[]> vectors =
        service.embed(List.of(beginning, beginning + "espresso machine ".repeat(200)));

    assertThat(cosine(vectors.get(0), vectors.get(1))).isGreaterThan(0.999999);
  }

  @Test
  void a_higher_limit_reads_more_of_a_text() {
    String text = "garden hose ".repeat(127) + "espresso machine ".repeat(80);
    try (EmbeddingService longer = EmbeddingService.open(settings(16, 512))) {
      assertThat(lowestCosine(longer, List.of(text))).isGreaterThan(0.9999);
    }
    assertThat(lowestCosine(service, List.of(text))).isLessThan(0.99);
  }

  @Test
  void a_vector_does_not_depend_on_what_else_is_in_the_batch() throws Exception {
    try (TextTokenizer tokenizer = TextTokenizer.fromResource(TOKENIZER, 256);
        EmbeddingModel model =
            new OnnxEngine()
                .load(new BundledModel(), new ModelPlacement(false, Settings.Precision.FP32, 2))) {
      List<long[]> tokens = new ArrayList<>(tokenizer.tokenize(TEXTS));
      tokens.addAll(tokenizer.tokenize(List.of("", "far longer than the others ".repeat(60))));
      List<float[]> together = model.embed(tokens);
      for (int i = 0; i < tokens.size(); i++) {
        float[] alone = model.embed(List.of(tokens.get(i))).get(0);
        assertThat(largestDifference(alone, together.get(i))).isLessThan(1e-6);
      }
    }
  }

  @Test
  void a_vector_does_not_depend_on_the_size_of_batches() {
    List<String> shuffled = new ArrayList<>(TEXTS);
    Collections.shuffle(shuffled, new Random(3));
    try (EmbeddingService oneByOne = EmbeddingService.open(settings(1, 256))) {
      List<float[]> expected = oneByOne.embed(shuffled);
      List<float[]> vectors = service.embed(shuffled);
      for (int i = 0; i < shuffled.size(); i++) {
        assertThat(largestDifference(vectors.get(i), expected.get(i))).isLessThan(1e-6);
      }
    }
  }

  @Test
  void every_vector_has_384_floats_and_length_one() {
    List<String> texts = new ArrayList<>(TEXTS);
    texts.addAll(List.of("", "   ", "\u0000", "lone surrogate \ud83d in the middle"));

    assertThat(service.dimension()).isEqualTo(384);
    assertThat(service.embed(texts))
        .allSatisfy(
            vector -> {
              assertThat(vector).hasSize(384);
              assertThat(cosine(vector, vector)).isBetween(0.999999, 1.000001);
            });
  }

  @Test
  void texts_that_mean_alike_lie_close_together() {
    List<float[]> vectors =
        service.embed(
            List.of(
                "shoes for running a marathon",
                "Lightweight jogging sneakers with a cushioned sole. Sports",
                "Stainless steel espresso machine with milk frother. Kitchen",
                "Garden hose, 20 m, with spray nozzle. Garden"));

    double alike = cosine(vectors.get(0), vectors.get(1));
    assertThat(alike).isGreaterThan(cosine(vectors.get(0), vectors.get(2)) + 0.3);
    assertThat(alike).isGreaterThan(cosine(vectors.get(0), vectors.get(3)) + 0.3);
  }

  @Test
  void the_engine_is_named_as_the_run_summary_needs_it() {
    assertThat(service.engine())
        .isEqualTo(new EngineInfo("OnnxRuntime", "cpu", "fp32", "all-MiniLM-L6-v2"));
    assertThat(service.modelName()).matches("all-MiniLM-L6-v2@[0-9a-f]{16}");
  }

  @Test
  void one_service_is_shared_until_it_is_closed() {
    Settings.Embedding settings = settings(4, 128);
    EmbeddingService first = EmbeddingService.shared(settings);
    assertThat(EmbeddingService.shared(settings(4, 128))).isSameAs(first);
    first.close();

    try (EmbeddingService next = EmbeddingService.shared(settings)) {
      assertThat(next).isNotSameAs(first);
      assertThat(next.embed(List.of("still works"))).hasSize(1);
    }
  }

  @Test
  void loading_leaves_no_model_file_behind() throws IOException {
    EmbeddingService.open(settings(4, 64)).close();

    assertThat(modelFiles()).isEmpty();
  }

  private static List<String> modelFiles() throws IOException {
    try (Stream<Path> files = Files.list(TemporaryFolder.path())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".onnx"))
          .toList();
    }
  }

  private static double lowestCosine(EmbeddingService service, List<String> texts) {
    List<float[]> vectors = service.embed(texts);
    double lowest = 1;
    for (int i = 0; i < texts.size(); i++) {
      float[] other = independent.embed(texts.get(i)).content().vector();
      lowest = Math.min(lowest, cosine(vectors.get(i), other));
    }
    return lowest;
  }

  private static double largestDifference(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
