package io.vectorstream.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.embedding.Onnx.TensorProto.DataType;
import io.vectorstream.embedding.Safetensors.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conversion of a BERT in safetensors, as the library Transformers saves it, to an ONNX file of
 * the standard's operations, under the names that PyTorch's exports have. From there on it is like
 * any other model in ONNX ({@link BertWeights}).
 */
final class BertExport {
  private static final String WORDS = "embeddings.word_embeddings.weight";

  /** The number added to attention scores of padding, which the softmax makes 0. */
  private static final float AWAY = 10_000f;

  private static final Map<String, ?> NONE = Map.of();

  private final OnnxWriter file = new OnnxWriter();
  private final Safetensors weights;
  private final String prefix;
  private final int layers;
  private final int heads;
  private final float epsilon;
  private final Table words;

  private BertExport(Safetensors weights, JsonNode config) throws IOException {
    this.weights = weights;
    this.prefix =
        weights.names().stream()
            .filter(name -> name.endsWith(WORDS))
            .map(name -> name.substring(0, name.length() - WORDS.length()))
            .findFirst()
            .orElseThrow(() -> new IOException("there is no weight named " + WORDS));
    this.layers = config.path("num_hidden_layers").asInt();
    this.heads = config.path("num_attention_heads").asInt();
    this.epsilon = (float) config.path("layer_norm_eps").asDouble(1e-12);
    this.words = table(WORDS);
    if (heads < 1 || layers < 1 || words.columns() % heads != 0) {
      throw new IOException(
          "config.json has %d layers and %d attention heads for vectors of %d numbers"
              .formatted(layers, heads, words.columns()));
    }
  }

  /** Returns why the network of a folder cannot be made of its weights; empty if it can. */
  static Optional<String> unfit(Path folder) {
    JsonNode config = ModelConfigs.read(folder.resolve(ModelConfigs.NAME));
    String type = config.path("model_type").asText("network without config.json");
    if (!type.equals("bert")) {
      return Optional.of("it is a " + type);
    }
    String activation = config.path("hidden_act").asText("gelu");
    String positions = config.path("position_embedding_type").asText("absolute");
    if (!activation.equals("gelu") || !positions.equals("absolute")) {
      return Optional.of(
          "its hidden_act is %s and its position_embedding_type %s"
              .formatted(activation, positions));
    }
    return Files.isRegularFile(folder.resolve(Safetensors.NAME))
        ? Optional.empty()
        : Optional.of("it has no " + Safetensors.NAME);
  }

  /**
   * Writes the network of a folder.
   *
   * @throws IOException if a weight is missing, or the file cannot be read
   */
  static void write(Path folder, Path onnx) throws IOException {
    new BertExport(
            Safetensors.open(folder.resolve(Safetensors.NAME)),
            ModelConfigs.read(folder.resolve(ModelConfigs.NAME)))
        .write(onnx);
  }

  private void write(Path onnx) throws IOException {
    file.input(ModelShape.IDS, "texts", "tokens");
    file.input(ModelShape.MASK, "texts", "tokens");
    String hidden = embeddings();
    String away = away();
    for (int layer = 0; layer < layers; layer++) {
      hidden = layer("encoder.layer." + layer + ".", hidden, away);
    }
    file.operation("", "Identity", NONE, List.of(ModelShape.OUTPUT), hidden);
    file.output(ModelShape.OUTPUT, "texts", "tokens", "dimension");
    file.write(onnx);
  }

  private String embeddings() throws IOException {
    String count = op("Gather", op("Shape", ModelShape.IDS), integers(new long[] {1}));
    String places = op("Range", integers(new long[] {0}), count, integers(new long[] {1}));
    String x =
        op(
            "Add",
            op("Gather", named(WORDS, words), ModelShape.IDS),
            op(
                "Gather",
                named("embeddings.token_type_embeddings.weight"),
                integers(new long[] {0})));
    String positions = op("Gather", named("embeddings.position_embeddings.weight"), places);
    return norm(op("Add", x, positions), "embeddings.LayerNorm");
  }

  /** Returns what is added to attention scores: 0 for a token, and a large negative for padding. */
  private String away() {
    String mask = file.standard("Cast", Map.of("to", (long) DataType.FLOAT_VALUE), ModelShape.MASK);
    String wide = op("Unsqueeze", mask, integers(new long[] {1, 2}, 2));
    return op("Mul", op("Sub", wide, number(1)), number(AWAY));
  }

  private String layer(String name, String input, String away) throws IOException {
    String query = headed(input, name + "attention.self.query", 0, 2, 1, 3);
    String key = headed(input, name + "attention.self.key", 0, 2, 3, 1);
    String value = headed(input, name + "attention.self.value", 0, 2, 1, 3);
    String scores =
        op("Mul", op("MatMul", query, key), number((float) (1 / Math.sqrt(hidden() / heads))));
    String shares = file.standard("Softmax", Map.of("axis", -1L), op("Add", scores, away));
    String context =
        op(
            "Reshape",
            transposed(op("MatMul", shares, value), 0, 2, 1, 3),
            integers(new long[] {0, 0, hidden()}, 3));
    String attended =
        norm(
            op("Add", linear(context, name + "attention.output.dense"), input),
            name + "attention.output.LayerNorm");
    String inner = gelu(linear(attended, name + "intermediate.dense"));
    return norm(
        op("Add", linear(inner, name + "output.dense"), attended), name + "output.LayerNorm");
  }

  private int hidden() {
    return words.columns();
  }

  private String headed(String input, String name, long... order) throws IOException {
    long[] shape = {0, 0, heads, hidden() / heads};
    return transposed(op("Reshape", linear(input, name), integers(shape, shape.length)), order);
  }

  private String transposed(String input, long... order) {
    return file.standard("Transpose", Map.of("perm", Arrays.stream(order).boxed().toList()), input);
  }

  private String gelu(String x) {
    String erf = op("Erf", op("Mul", x, number((float) Math.sqrt(0.5))));
    return op("Mul", op("Mul", x, op("Add", erf, number(1))), number(0.5f));
  }

  /** Returns {@code x · weight + bias}; PyTorch's weights are {@code [out][in]}. */
  private String linear(String x, String name) throws IOException {
    String matrix = transposed(named(name + ".weight"), 1, 0);
    return op("Add", named(name + ".bias"), op("MatMul", x, matrix));
  }

  private String norm(String x, String name) throws IOException {
    return file.standard(
        "LayerNormalization",
        Map.of("axis", -1L, "epsilon", epsilon),
        x,
        named(name + ".weight"),
        named(name + ".bias"));
  }

  private String op(String type, String... inputs) {
    return file.standard(type, NONE, inputs);
  }

  private String named(String name) throws IOException {
    return named(name, table(name));
  }

  private String named(String name, Table table) {
    boolean vector = name.endsWith(".bias") || name.contains("LayerNorm");
    return vector
        ? file.floats(prefix + name, table.values(), table.columns())
        : file.floats(prefix + name, table.values(), table.rows(), table.columns());
  }

  private Table table(String name) throws IOException {
    return weights
        .table(prefix + name)
        .orElseThrow(() -> new IOException("there is no weight named " + prefix + name));
  }

  private String number(float value) {
    return file.floats(new float[] {value});
  }

  /**
   * @param shape none for a single number
   */
  private String integers(long[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return file.tensor(DataType.INT64, data, shape);
  }
}
