package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.cosine;
import static io.vectorstream.embedding.EmbeddingTestParts.lowestCosine;
import static io.vectorstream.embedding.EmbeddingTestParts.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtSession.SessionOptions;
import io.vectorstream.config.Settings.Engine;
import io.vectorstream.config.Settings.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Models of the user's, loaded for real by both engines. */
class ModelFolderTest {
  private static final List<String> TEXTS =
      List.of("red shoes", "Stainless steel espresso machine with milk frother. Kitchen");

  @TempDir private Path temp;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("our-model"));
    copy("/all-minilm-l6-v2-tokenizer.json", "tokenizer.json");
  }

  @ParameterizedTest
  @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
  void a_folder_with_an_onnx_model_is_run_by_both_engines(Engine engine) throws IOException {
    copy("/all-minilm-l6-v2.onnx", "model.onnx");
    try (EmbeddingService own = open(engine, Precision.FP32);
        EmbeddingService bundled =
            EmbeddingService.open(settings("bundled", Engine.AUTO, Precision.FP32))) {
      assertThat(own.modelName()).startsWith("our-model@");
      assertThat(own.identity().made(bundled.modelName())).isTrue();
      assertThat(lowestCosine(own.embed(TEXTS), bundled.embed(TEXTS))).isGreaterThan(0.99999);
    }
  }

  @Test
  void the_only_onnx_file_may_have_any_name_and_others_stand_beside_it_for_their_precision()
      throws IOException {
    copy("/all-minilm-l6-v2.onnx", "minilm.onnx");
    copy("/all-minilm-l6-v2-q.onnx", "model_quantized.onnx");

    try (EmbeddingService own = open(Engine.AUTO, Precision.INT8)) {
      assertThat(own.engine()).isEqualTo(new EngineInfo("OnnxRuntime", "cpu", "int8", "our-model"));
    }
    ModelSource source = ModelFolder.open(folder);
    assertThat(source.onnx(Precision.FP32).path()).hasFileName("minilm.onnx");
    assertThat(source.onnx(Precision.INT8).path()).hasFileName("model_quantized.onnx");
    assertThat(source.hasOnnx(Precision.FP16)).isFalse();
  }

  @Test
  void the_files_may_be_where_hugging_face_has_them() throws IOException {
    Files.createDirectory(folder.resolve("onnx"));
    Files.createFile(folder.resolve("onnx/model.onnx"));
    Files.createFile(folder.resolve("onnx/model_fp16.onnx"));
    Files.createFile(folder.resolve("onnx/model_int8.onnx"));

    ModelSource source = ModelFolder.open(folder);

    for (Precision precision : List.of(Precision.FP32, Precision.FP16, Precision.INT8)) {
      assertThat(source.onnx(precision).path()).exists();
    }
    assertThat(source.hasOnnx(Precision.BF16)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          input_ids: Tensor, attention_mask: Tensor                         | hidden                   | Tensor
          input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | hidden                   | Tensor
          input_ids: Tensor                                                 | hidden                   | Tensor
          input_ids: Tensor, attention_mask: Tensor                         | (input_ids, hidden)      | Tuple[Tensor, Tensor]
          input_ids: Tensor, attention_mask: Tensor                         | {"last_hidden_state": hidden, "pooler_output": input_ids} | Dict[str, Tensor]
          """)
  void torchscript_is_run_by_pytorch_whatever_it_takes_and_returns(
      String arguments, String returns, String type) throws Exception {
    TorchScriptFile.write(folder.resolve("anything.pt"), arguments, returns, type);
    try (EmbeddingService own = open(Engine.AUTO, Precision.FP32);
        TextTokenizer tokenizer = ModelFolder.open(folder).tokenizer(256)) {
      assertThat(own.engine()).isEqualTo(new EngineInfo("PyTorch", "cpu", "fp32", "our-model"));
      assertThat(own.dimension()).isEqualTo(TorchScriptFile.DIMENSION);
      List<float[]> vectors = own.embed(TEXTS);
      for (int i = 0; i < TEXTS.size(); i++) {
        float[] expected = meanOfRows(tokenizer.tokenize(TEXTS.subList(i, i + 1)).get(0));
        assertThat(cosine(vectors.get(i), expected)).isGreaterThan(0.99999);
        assertThat(cosine(vectors.get(i), vectors.get(i))).isBetween(0.99999, 1.00001);
      }
    }
  }

  @Test
  void torchscript_is_nothing_for_onnxruntime() throws IOException {
    TorchScriptFile.write(folder.resolve("model.pt"), "input_ids: Tensor", "hidden", "Tensor");

    assertThatThrownBy(() -> open(Engine.ONNXRUNTIME, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage(
            "no engine can run the model our-model as the settings ask (embedding.engine,"
                + " embedding.precision): OnnxRuntime: there is no ONNX file of our-model in fp32");
  }

  @Test
  void a_model_that_gives_no_vector_for_each_token_is_refused() throws IOException {
    TorchScriptFile.write(
        folder.resolve("model.pt"),
        "input_ids: Tensor",
        "torch.mean(hidden, [1], False)",
        "Tensor");

    assertThatThrownBy(() -> open(Engine.PYTORCH, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage(
            "embedding.model: our-model answers [1, 8] for 3 tokens of 1 texts; expected a vector"
                + " for each token, [texts, tokens, dimension]");
  }

  @Test
  void weights_that_are_no_plain_bert_are_refused_by_pytorch() throws IOException {
    copy("/all-minilm-l6-v2-q.onnx", "model.onnx");

    assertThatThrownBy(() -> open(Engine.PYTORCH, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageStartingWith(
            "cannot load the embedding model our-model with PyTorch: the ONNX file is not a plain"
                + " BERT in fp32, whose weights could be read: ");
  }

  @ParameterizedTest
  @EnumSource(names = {"ONNXRUNTIME", "PYTORCH"})
  void what_is_no_onnx_file_is_refused(Engine engine) throws IOException {
    Files.writeString(folder.resolve("model.onnx"), "version https://git-lfs.github.com/spec/v1");

    assertThatThrownBy(() -> open(engine, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageStartingWith("cannot load the embedding model our-model with ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void an_onnx_model_with_other_inputs_is_refused() {
    assertThatThrownBy(() -> ModelShape.checkInputs("vit", List.of("pixel_values")))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage(
            "embedding.model: vit has the inputs pixel_values; expected input_ids, with"
                + " attention_mask, token_type_ids and position_ids if it takes them");
    ModelShape.checkInputs("distilbert", List.of("input_ids", "attention_mask"));
  }

  @Test
  void a_folder_that_lacks_something_says_what() throws IOException {
    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage(
            "embedding.model: the folder "
                + folder
                + " has no model file; expected tokenizer.json with model.onnx, one other *.onnx,"
                + " or one TorchScript *.pt (optimum-cli export onnx --task feature-extraction makes"
                + " the first)");
    Files.createFile(folder.resolve("a.onnx"));
    Files.createFile(folder.resolve("b.onnx"));
    assertThatThrownBy(() -> ModelFolder.open(folder))
        .hasMessageContaining("has several models (a.onnx, b.onnx) and none named model.onnx");
    Files.delete(folder.resolve("tokenizer.json"));
    assertThatThrownBy(() -> ModelFolder.open(folder))
        .hasMessageContaining("has no tokenizer.json");
    assertThatThrownBy(() -> ModelFolder.open(temp.resolve("nowhere")))
        .hasMessageContaining("there is no folder " + temp.resolve("nowhere"));
  }

  @Test
  void a_tokenizer_that_is_none_is_named() throws IOException {
    copy("/all-minilm-l6-v2.onnx", "model.onnx");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"no\": \"tokenizer\"}");

    assertThatThrownBy(() -> open(Engine.AUTO, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining(folder.resolve("tokenizer.json") + " is no tokenizer");
  }

  @Test
  void the_products_of_a_profiled_run_tell_where_they_were_computed() throws Exception {
    copy("/all-minilm-l6-v2.onnx", "model.onnx");
    try (SessionOptions options = new SessionOptions()) {
      assertThat(CudaPlacement.products(folder.resolve("model.onnx"), options))
          .containsOnlyKeys("CPUExecutionProvider")
          .allSatisfy((provider, count) -> assertThat(count).isGreaterThan(36));
    }
  }

  private EmbeddingService open(Engine engine, Precision precision) {
    return EmbeddingService.open(settings(folder.toString(), engine, precision));
  }

  private void copy(String resource, String name) throws IOException {
    try (InputStream in = ModelFolderTest.class.getResourceAsStream(resource)) {
      Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  private static float[] meanOfRows(long[] tokens) {
    float[] sum = new float[TorchScriptFile.DIMENSION];
    for (long token : tokens) {
      float[] row = TorchScriptFile.row(token);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += row[i];
      }
    }
    return sum;
  }
}
