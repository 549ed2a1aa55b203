package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.lowestCosine;
import static io.vectorstream.embedding.EmbeddingTestParts.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Settings.Engine;
import io.vectorstream.config.Settings.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled model in bf16, which a processor without it computes too, if slowly. */
class Bf16Test {
  private static final List<String> WORDS =
      List.of(
          "wireless",
          "headphones",
          "café",
          "steel",
          "espresso",
          "machine",
          "garden",
          "hose",
          "sneakers",
          "running",
          "warm",
          "socks",
          "wool",
          "battery",
          "lamp",
          "kettle");

  private static final List<InferenceEngine> ENGINES =
      List.of(new OnnxEngine(), new PyTorchEngine(Optional.empty()));

  private static EmbeddingService exact;
  private static EmbeddingService bf16;

  @BeforeAll
  static void load() {
    exact = EmbeddingService.open(settings("bundled", Engine.ONNXRUNTIME, Precision.FP32));
    bf16 = EmbeddingService.open(settings("bundled", Engine.AUTO, Precision.BF16), ENGINES);
  }

  @AfterAll
  static void close() {
    exact.close();
    bf16.close();
  }

  @Test
  void it_is_computed_by_pytorch_under_the_name_of_the_same_model() {
    assertThat(bf16.engine())
        .isEqualTo(new EngineInfo("PyTorch", "cpu", "bf16", "all-MiniLM-L6-v2"));
    assertThat(bf16.description())
        .isEqualTo(
            "embedding with PyTorch on the cpu in bf16: embedding.device is cpu; OnnxRuntime: it"
                + " does not compute in bf16");
    assertThat(bf16.modelName()).isEqualTo(exact.modelName());
    assertThat(bf16.dimension()).isEqualTo(384);
  }

  @Test
  void its_vectors_and_their_neighbours_are_nearly_those_of_fp32() {
    List<String> texts = texts(60);
    List<float[]> expected = exact.embed(texts);
    List<float[]> vectors = bf16.embed(texts);

    assertThat(lowestCosine(expected, vectors)).isBetween(0.9998, 0.9999999);
    assertThat(overlapAt10(expected, vectors)).isGreaterThan(0.98);
  }

  @Test
  void a_text_has_nearly_the_same_vector_whatever_is_beside_it_and_whoever_asks() throws Exception {
    try (TextTokenizer tokenizer = new BundledModel().tokenizer(256);
        EmbeddingModel model =
            new PyTorchEngine(Optional.empty())
                .load(new BundledModel(), new ModelPlacement(false, Precision.BF16, 2))) {
      List<long[]> tokens =
          tokenizer.tokenize(List.of("", "red shoes", "far longer than the others ".repeat(60)));
      List<float[]> together = model.embed(tokens);
      List<float[]> beside =
          tokens.stream()
              .map(row -> CompletableFuture.supplyAsync(() -> model.embedBeside(row)))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();

      assertThat(model.canEmbedBeside()).isTrue();
      assertThat(lowestCosine(together, beside)).isGreaterThan(0.9999);
    }
  }

  @Test
  void without_a_processor_for_it_fp32_is_computed_and_a_line_says_so() {
    List<InferenceEngine> engines =
        List.of(new OnnxEngine(), new PyTorchEngine(Optional.of("the processor has no bf16")));
    try (EmbeddingService other =
        EmbeddingService.open(settings("bundled", Engine.AUTO, Precision.BF16), engines)) {
      assertThat(other.engine())
          .isEqualTo(new EngineInfo("OnnxRuntime", "cpu", "fp32", "all-MiniLM-L6-v2"));
      assertThat(other.description())
          .isEqualTo(
              "embedding with OnnxRuntime on the cpu in fp32 instead of bf16: embedding.device is"
                  + " cpu; OnnxRuntime: it does not compute in bf16; PyTorch: the processor has no"
                  + " bf16");
    }
  }

  @Test
  void auto_computes_in_it_where_the_processor_can_and_in_fp32_elsewhere() {
    List<InferenceEngine> without =
        List.of(new OnnxEngine(), new PyTorchEngine(Optional.of("the processor has no bf16")));
    try (EmbeddingService here =
            EmbeddingService.open(settings("bundled", Engine.AUTO, Precision.AUTO), ENGINES);
        EmbeddingService elsewhere =
            EmbeddingService.open(settings("bundled", Engine.AUTO, Precision.AUTO), without)) {
      assertThat(here.engine().precision()).isEqualTo("bf16");
      assertThat(elsewhere.engine().precision()).isEqualTo("fp32");
      assertThat(elsewhere.description())
          .isEqualTo(
              "embedding with OnnxRuntime on the cpu in fp32: embedding.device is cpu; OnnxRuntime:"
                  + " it does not compute in bf16; PyTorch: the processor has no bf16");
      List<String> texts = texts(8);
      assertThat(lowestCosine(elsewhere.embed(texts), here.embed(texts))).isGreaterThan(0.9998);
    }
  }

  @Test
  void torchscript_is_not_computed_in_it(@TempDir Path folder) throws Exception {
    Files.createFile(folder.resolve("tokenizer.json"));
    Files.createFile(folder.resolve("model.pt"));

    assertThat(
            new PyTorchEngine(Optional.empty())
                .unfit(ModelFolder.open(folder), new ModelPlacement(false, Precision.BF16, 1)))
        .hasValue("TorchScript computes as it was saved");
  }

  private static List<String> texts(int count) {
    Random random = new Random(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> words =
          IntStream.range(0, 3 + i % 40)
              .mapToObj(word -> WORDS.get(random.nextInt(WORDS.size())))
              .toList();
      texts.add(String.join(" ", words));
    }
    return texts;
  }

  /** Returns the share of the ten nearest of each that are the same in both. */
  private static double overlapAt10(List<float[]> some, List<float[]> others) {
    return IntStream.range(0, some.size())
        .mapToDouble(
            i -> nearest(some, i).stream().filter(nearest(others, i)::contains).count() / 10.0)
        .average()
        .orElseThrow();
  }

  private static List<Integer> nearest(List<float[]> vectors, int text) {
    return IntStream.range(0, vectors.size())
        .filter(i -> i != text)
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                i -> -EmbeddingTestParts.cosine(vectors.get(text), vectors.get(i))))
        .limit(10)
        .toList();
  }
}
