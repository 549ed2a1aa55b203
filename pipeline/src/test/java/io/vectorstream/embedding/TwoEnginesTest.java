package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.lowestCosine;
import static io.vectorstream.embedding.EmbeddingTestParts.settings;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.JniUtils;
import io.vectorstream.config.Settings.Engine;
import io.vectorstream.config.Settings.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bundled model on ONNX Runtime and on PyTorch, both on the CPU. */
class TwoEnginesTest {
  private static final List<String> WORDS =
      List.of(
          "wireless",
          "headphones",
          "café",
          "stainless",
          "5\"",
          "espresso",
          "Çelik",
          "garden",
          "20%",
          "sneakers",
          "高品質",
          "unisex",
          "SKU-4711/B",
          "warm",
          "кроссовки",
          "👟",
          "steel",
          "battery",
          "O'Neill's",
          "machine");

  private static EmbeddingService onnx;
  private static EmbeddingService pytorch;

  @BeforeAll
  static void load() {
    onnx = EmbeddingService.open(settings("bundled", Engine.ONNXRUNTIME, Precision.FP32));
    pytorch = EmbeddingService.open(settings("bundled", Engine.PYTORCH, Precision.FP32));
  }

  @AfterAll
  static void close() {
    onnx.close();
    pytorch.close();
  }

  @Test
  void both_engines_give_the_same_vectors_for_texts_of_every_length() {
    List<String> texts = new ArrayList<>(List.of("", "x", " ", "lone surrogate \ud83d here"));
    Random random = new Random(11);
    for (int words = 1; words <= 300; words = words * 4 / 3 + 1) {
      texts.add(text(words, random));
      texts.add(text(words, random));
    }
    // Together: of each batch, some texts are padded and some are not.
    Collections.shuffle(texts, random);

    assertThat(lowestCosine(onnx.embed(texts), pytorch.embed(texts))).isGreaterThan(0.99999);
  }

  @Test
  void both_engines_give_the_same_vectors_for_real_listings() throws IOException {
    List<String> listings = Listings.texts();
    List<String> sample =
        IntStream.range(0, listings.size())
            .filter(i -> i % 4 == 0)
            .mapToObj(listings::get)
            .toList();

    assertThat(sample).hasSizeGreaterThan(100);
    assertThat(lowestCosine(onnx.embed(sample), pytorch.embed(sample))).isGreaterThan(0.99999);
  }

  @Test
  void pytorch_gives_a_text_the_same_vector_whatever_is_beside_it() throws Exception {
    try (TextTokenizer tokenizer = new BundledModel().tokenizer(256);
        EmbeddingModel model =
            new PyTorchEngine()
                .load(new BundledModel(), new ModelPlacement(false, Precision.FP32, 2))) {
      List<long[]> tokens =
          tokenizer.tokenize(List.of("", "red shoes", "far longer than the others ".repeat(60)));
      List<float[]> together = model.embed(tokens);
      List<float[]> alone = tokens.stream().map(row -> model.embed(List.of(row)).get(0)).toList();

      assertThat(lowestCosine(together, alone)).isGreaterThan(0.999999);
    }
  }

  @Test
  void each_engine_is_named_as_the_run_summary_needs_it() {
    assertThat(onnx.engine())
        .isEqualTo(new EngineInfo("OnnxRuntime", "cpu", "fp32", "all-MiniLM-L6-v2"));
    assertThat(pytorch.engine())
        .isEqualTo(new EngineInfo("PyTorch", "cpu", "fp32", "all-MiniLM-L6-v2"));
    assertThat(pytorch.description())
        .isEqualTo("embedding with PyTorch on the cpu in fp32: embedding.device is cpu");
    assertThat(pytorch.modelName()).isEqualTo(onnx.modelName());
    assertThat(pytorch.dimension()).isEqualTo(384);
  }

  @Test
  void pytorch_computes_with_the_threads_of_the_settings() {
    assertThat(JniUtils.getNumThreads()).isEqualTo(2);
  }

  /** Half precision is for GPUs; the arithmetic is the same here, if slow. */
  @Test
  void pytorch_computes_nearly_the_same_in_half_precision() throws Exception {
    try (TextTokenizer tokenizer = new BundledModel().tokenizer(256);
        EmbeddingModel half =
            new PyTorchEngine()
                .load(new BundledModel(), new ModelPlacement(false, Precision.FP16, 2))) {
      List<String> texts = List.of("red shoes", "warm socks", "an espresso machine of steel");
      double lowest = lowestCosine(onnx.embed(texts), half.embed(tokenizer.tokenize(texts)));

      assertThat(half.engine().precision()).isEqualTo("fp16");
      assertThat(lowest).isBetween(0.999, 0.9999999);
    }
  }

  @Test
  void int8_gives_nearly_the_same_vectors() {
    List<String> texts = new ArrayList<>();
    Random random = new Random(5);
    for (int words = 3; words < 60; words += 3) {
      texts.add(text(words, random));
    }
    try (EmbeddingService int8 =
        EmbeddingService.open(settings("bundled", Engine.AUTO, Precision.INT8))) {
      assertThat(int8.engine())
          .isEqualTo(new EngineInfo("OnnxRuntime", "cpu", "int8", "all-MiniLM-L6-v2"));
      double lowest = lowestCosine(onnx.embed(texts), int8.embed(texts));
      assertThat(lowest).isBetween(0.9, 0.9999);
    }
  }

  private static String text(int words, Random random) {
    List<String> text = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      text.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    return String.join(" ", text);
  }
}
