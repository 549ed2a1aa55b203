package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vectorstream.config.Settings.Precision;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertWeightsTest {
  private static final String REFUSED =
      "the ONNX file is not a plain BERT in fp32, whose weights could be read: ";

  @TempDir private Path folder;

  @Test
  void the_bundled_model_has_its_published_shape() throws IOException {
    try (ModelFile onnx = new BundledModel().onnx(Precision.FP32)) {
      BertWeights weights = BertWeights.read(onnx.path());

      assertThat(weights.layers()).hasSize(6);
      assertThat(weights.heads()).isEqualTo(12);
      assertThat(weights.hidden()).isEqualTo(384);
      assertThat(weights.epsilon()).isEqualTo(1e-12f);
      assertThat(weights.embeddings().words().shape()).containsExactly(30522L, 384L);
      assertThat(weights.embeddings().positions().shape()).containsExactly(512L, 384L);
      assertThat(weights.layers().get(5).intermediate().weight().shape())
          .containsExactly(384L, 1536L);
    }
  }

  @Test
  void matrices_compute_the_same_whether_they_have_names_or_not() throws IOException {
    Djl.preparePyTorch(2);
    float[] named = encode(plain(true));
    float[] unnamed = encode(plain(false));

    assertThat(named).hasSize(3 * TinyBert.HIDDEN).containsExactly(unnamed, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 2, 2", "0, 0, 2, -1", "0, 0, -1, 2", "1, 3, 2, 2"})
  void the_number_of_heads_is_read_from_the_layout_of_queries(
      long texts, long tokens, long heads, long size) throws IOException {
    BertWeights weights =
        read(new TinyBert(true).withHeads(texts, tokens, heads, size).withEpsilon(1e-5f));

    assertThat(weights.heads()).isEqualTo(2);
    assertThat(weights.epsilon()).isEqualTo(1e-5f);
  }

  @Test
  void a_pooler_that_is_not_asked_for_may_be_there() throws IOException {
    assertThat(read(plain(true).withWeight("pooler.dense.weight")).layers()).hasSize(1);
  }

  @Test
  void a_weight_that_a_bert_has_not_is_refused() throws IOException {
    assertRefused(
        plain(true).withWeight("encoder.relative_attention_bias.weight"),
        "it has a weight that no BERT has, encoder.relative_attention_bias.weight");
  }

  @Test
  void positions_that_are_counted_as_roberta_does_are_refused() throws IOException {
    assertRefused(
        plain(true).node("CumSum", "not padding", "positions"),
        "it counts positions as RoBERTa does");
  }

  @Test
  void what_is_not_to_be_seen_is_not_guessed() throws IOException {
    assertRefused(
        new TinyBert(true).withEpsilon(1e-12f), "the number of attention heads cannot be found");
    assertRefused(
        new TinyBert(true).withHeads(0, 0, 3, -1).withEpsilon(1e-12f),
        "the number of attention heads cannot be found");
    assertRefused(
        new TinyBert(true).withHeads(0, 0, 2, 2), "the epsilon of its LayerNorm cannot be found");
  }

  private static TinyBert plain(boolean named) throws IOException {
    return new TinyBert(named).withHeads(0, 0, TinyBert.HEADS, -1).withEpsilon(1e-12f);
  }

  private BertWeights read(TinyBert model) throws IOException {
    return BertWeights.read(model.write(folder.resolve("model.onnx")));
  }

  private void assertRefused(TinyBert model, String why) {
    assertThatThrownBy(() -> read(model)).isInstanceOf(IOException.class).hasMessage(REFUSED + why);
  }

  private float[] encode(TinyBert model) throws IOException {
    BertWeights weights = read(model);
    NDManager memory = NDManager.newBaseManager(Device.cpu(), PyTorchModel.ENGINE);
    try (BertEncoder encoder = new BertEncoder(weights, memory, DataType.FLOAT32);
        NDManager batch = memory.newSubManager()) {
      NDArray ids = batch.create(new long[][] {{1, 7, 9}});
      return encoder.encode(ids, null).toFloatArray();
    }
  }
}
