package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.lowestCosine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings.Precision;
import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The converted bundled model, compared with the same model from its file. */
class FusedBertTest {
  private static final ModelPlacement FP32 = new ModelPlacement(false, Precision.FP32, 2);
  private static final ModelPlacement INT8 = new ModelPlacement(false, Precision.INT8, 2);
  private static final String[] WORDS =
      "waterproof boots steel bottle wireless headphones garden hose cotton shirt lamp 20 cm , . café 高 of the"
          .split(" ");

  @TempDir private static Path folder;
  private static List<long[]> texts;
  private static List<float[]> expected;

  @BeforeAll
  static void embed_with_the_file_as_it_is() throws Exception {
    try (TextTokenizer tokenizer = new BundledModel().tokenizer(256);
        ModelFile file = new BundledModel().onnx(Precision.FP32);
        OnnxModel model = OnnxModel.load("as it is", file.path(), SentenceHead.MEAN, FP32)) {
      texts = tokenizer.tokenize(texts());
      expected = model.embed(texts);
      Files.copy(file.path(), folder.resolve("model.onnx"));
      try (InputStream json = resource("/all-minilm-l6-v2-tokenizer.json")) {
        Files.copy(json, folder.resolve("tokenizer.json"));
      }
    }
  }

  @Test
  void fused_operations_give_the_same_vectors() throws Exception {
    try (EmbeddingModel fused = new OnnxEngine().load(new BundledModel(), FP32)) {
      assertThat(lowestCosine(expected, fused.embed(texts))).isGreaterThan(0.9999999);
    }
  }

  @Test
  void the_fused_file_needs_no_types_of_tokens_which_the_bundled_one_asks_for() throws Exception {
    Path file = folder.resolve("fused.onnx");
    FusedBert.write(BertWeights.read(folder.resolve("model.onnx")), false, Optional.empty(), file);

    OnnxGraph graph = OnnxGraph.read(file);

    assertThat(graph.nodes("Attention")).hasSize(6);
    assertThat(graph.nodes("SkipLayerNormalization")).hasSize(12);
    assertThat(graph.users("input_ids")).isNotEmpty();
    assertThat(graph.users("token_type_ids")).isEmpty();
  }

  @Test
  void int8_is_nearer_to_fp32_than_the_file_that_others_have_quantised() throws Exception {
    Path others = folder.resolve("others.onnx");
    try (InputStream file = resource("/all-minilm-l6-v2-q.onnx")) {
      Files.copy(file, others);
    }
    try (EmbeddingModel ours = new OnnxEngine().load(new BundledModel(), INT8);
        EmbeddingModel theirs = OnnxModel.load("others", others, SentenceHead.MEAN, INT8)) {
      double lost = 1 - meanCosine(expected, ours.embed(texts));
      assertThat(lost).isBetween(1e-5, 0.01);
      assertThat(lost).isLessThan((1 - meanCosine(expected, theirs.embed(texts))) / 2);
    }
  }

  @Test
  void weights_without_a_sign_lose_no_more_on_any_processor() throws Exception {
    BertWeights weights = BertWeights.read(folder.resolve("model.onnx"));
    Path signed = folder.resolve("signed.onnx");
    Path unsigned = folder.resolve("unsigned.onnx");
    FusedBert.write(weights, true, false, Optional.empty(), signed);
    FusedBert.write(weights, true, true, Optional.empty(), unsigned);

    try (EmbeddingModel with = OnnxModel.load("signed", signed, SentenceHead.MEAN, INT8);
        EmbeddingModel without = OnnxModel.load("unsigned", unsigned, SentenceHead.MEAN, INT8)) {
      double lost = 1 - meanCosine(expected, without.embed(texts));
      assertThat(lost).isBetween(1e-5, 0.01);
      if (Processor.cutsOffSums()) {
        assertThat(lost).isLessThan(1 - meanCosine(expected, with.embed(texts)));
      } else {
        assertThat(lowestCosine(with.embed(texts), without.embed(texts))).isGreaterThan(0.9999);
      }
    }
  }

  @Test
  void known_sizes_of_activations_change_nothing_in_fp32() throws Exception {
    BertWeights weights = BertWeights.read(folder.resolve("model.onnx"));
    Activations known = ActivationProbe.measure(weights, texts.subList(0, 8), 2);
    Path file = folder.resolve("known.onnx");
    FusedBert.write(weights, false, Optional.of(known), file);

    try (EmbeddingModel model = OnnxModel.load("known", file, SentenceHead.MEAN, FP32)) {
      assertThat(lowestCosine(expected, model.embed(texts))).isGreaterThan(0.9999999);
    }
  }

  @Test
  void int8_loses_less_where_the_sizes_of_activations_are_known() throws Exception {
    Path file = folder.resolve("unknown.onnx");
    FusedBert.write(BertWeights.read(folder.resolve("model.onnx")), true, Optional.empty(), file);

    try (EmbeddingModel known = new OnnxEngine().load(new BundledModel(), INT8);
        EmbeddingModel unknown = OnnxModel.load("unknown", file, SentenceHead.MEAN, INT8)) {
      double lost = 1 - meanCosine(expected, known.embed(texts));
      assertThat(lost).isLessThan(0.7 * (1 - meanCosine(expected, unknown.embed(texts))));
    }
  }

  @Test
  void int8_goes_by_the_weights_alone_where_nothing_can_be_measured_and_a_line_says_so()
      throws Exception {
    Path mute = Files.createDirectory(folder.resolve("mute"));
    Files.copy(folder.resolve("model.onnx"), mute.resolve("model.onnx"));
    Files.copy(folder.resolve("tokenizer.json"), mute.resolve("tokenizer.json"));
    ModelSource source = ModelFolder.open(mute);
    Files.writeString(mute.resolve("tokenizer.json"), "{}");
    Path file = folder.resolve("weights-alone.onnx");
    FusedBert.write(BertWeights.read(folder.resolve("model.onnx")), true, Optional.empty(), file);

    StringWriter written = new StringWriter();
    WriterAppender appender =
        WriterAppender.newBuilder().setName("scales").setTarget(written).build();
    appender.start();
    Logger logger = (Logger) LogManager.getLogger(OnnxEngine.class);
    logger.addAppender(appender);
    try (EmbeddingModel model = new OnnxEngine().load(source, INT8);
        EmbeddingModel unknown = OnnxModel.load("alone", file, SentenceHead.MEAN, INT8)) {
      assertThat(lowestCosine(unknown.embed(texts), model.embed(texts))).isGreaterThan(0.9999999);
      assertThat(written.toString())
          .contains("embedding with mute in int8 with scales from its weights alone: ");
    } finally {
      logger.removeAppender(appender);
    }
  }

  @Test
  void a_folder_with_fp32_alone_can_be_embedded_in_int8() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.copy(folder.resolve("model.onnx"), own.resolve("model.onnx"));
    Files.copy(folder.resolve("tokenizer.json"), own.resolve("tokenizer.json"));
    ModelSource source = ModelFolder.open(own);

    assertThat(new OnnxEngine().unfit(source, INT8)).isEmpty();
    assertThat(new OnnxEngine().unfit(source, new ModelPlacement(true, Precision.INT8, 2)))
        .isPresent();
    try (EmbeddingModel model = new OnnxEngine().load(source, INT8)) {
      assertThat(model.engine()).isEqualTo(new EngineInfo("OnnxRuntime", "cpu", "int8", "own"));
      assertThat(lowestCosine(expected, model.embed(texts))).isBetween(0.98, 0.9999);
    }
  }

  @Test
  void a_file_that_only_looks_like_a_bert_is_embedded_as_it_says_or_refused() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("odd"));
    byte[] bytes = Files.readAllBytes(folder.resolve("model.onnx"));
    Files.write(odd.resolve("model.onnx"), replaced(bytes, "Softmax", "Hardmax"));
    Files.copy(folder.resolve("tokenizer.json"), odd.resolve("tokenizer.json"));
    ModelSource source = ModelFolder.open(odd);

    try (OnnxModel asItSays =
            OnnxModel.load("odd", odd.resolve("model.onnx"), SentenceHead.MEAN, FP32);
        EmbeddingModel model = new OnnxEngine().load(source, FP32)) {
      List<float[]> vectors = asItSays.embed(texts);
      assertThat(lowestCosine(vectors, expected)).isLessThan(0.99);
      assertThat(lowestCosine(vectors, model.embed(texts))).isGreaterThan(0.9999999);
    }
    assertThatThrownBy(() -> new OnnxEngine().load(source, INT8))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its vectors differ from those of the file as it is");
  }

  @Test
  void no_file_is_left_behind() throws Exception {
    List<Path> before = temporaryModels();
    try (EmbeddingModel model = new OnnxEngine().load(new BundledModel(), INT8)) {
      assertThat(temporaryModels()).isEqualTo(before);
    }
  }

  private static List<Path> temporaryModels() throws IOException {
    try (var files = Files.list(TemporaryFolder.path())) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".onnx"))
          .sorted()
          .toList();
    }
  }

  private static double meanCosine(List<float[]> ones, List<float[]> others) {
    double sum = 0;
    for (int i = 0; i < ones.size(); i++) {
      sum += lowestCosine(ones.subList(i, i + 1), others.subList(i, i + 1));
    }
    return sum / ones.size();
  }

  private static byte[] replaced(byte[] file, String from, String to) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static InputStream resource(String name) {
    return FusedBertTest.class.getResourceAsStream(name);
  }

  private static List<String> texts() {
    Random random = new Random(9);
    List<String> texts = new ArrayList<>();
    for (int words = 1; words <= 120; words += 3) {
      List<String> text = new ArrayList<>();
      random.ints(words, 0, WORDS.length).forEach(i -> text.add(WORDS[i]));
      texts.add(String.join(" ", text));
    }
    return texts;
  }
}
