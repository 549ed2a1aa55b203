package io.vectorstream.embedding;

import io.vectorstream.embedding.BertWeights.Layer;
import io.vectorstream.embedding.BertWeights.Linear;
import io.vectorstream.embedding.BertWeights.Norm;
import io.vectorstream.embedding.Onnx.TensorProto.DataType;
import io.vectorstream.embedding.OnnxGraph.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The conversion of a BERT encoder to ONNX Runtime's operations for transformers: a whole
 * attention, a sum with its normalisation, a bias with its GELU. ONNX Runtime does not find them by
 * itself in PyTorch's exports, and on the CPU they are faster.
 *
 * <p>In int8 the weights have one scale a column. Activations get their scale during computation,
 * one for all of a batch, so that a single large number makes all others coarse. BERT has such
 * numbers: in a few channels behind a normalisation, and in the first token's row between the two
 * layers of the feed-forward part. The former are made smaller, and their weights larger; in the
 * latter, each row is divided by its own largest number.
 */
final class FusedBert {
  /** The share of channels that stay as they are; larger ones are scaled to the largest of them. */
  private static final double USUAL_CHANNELS = 0.97;

  /** The standard deviations within which a normalised channel is expected. */
  private static final float SPREAD = 3;

  /** The least divisor of a row, which bounds its size, as GELU gives nothing below -0.17. */
  private static final float LEAST_DIVISOR = 0.2f;

  private static final Map<String, ?> NONE = Map.of();

  private final OnnxWriter file = new OnnxWriter();
  private final BertWeights weights;
  private final boolean int8;
  private final Map<String, ?> heads;
  private final Map<String, ?> epsilon;
  private final String leastDivisor;

  private FusedBert(BertWeights weights, boolean int8) {
    this.weights = weights;
    this.int8 = int8;
    this.heads = Map.of("num_heads", (long) weights.heads());
    this.epsilon = Map.of("epsilon", weights.epsilon());
    this.leastDivisor = int8 ? file.floats(new float[] {LEAST_DIVISOR}, 1) : "";
  }

  /**
   * Writes the encoder with the inputs {@code input_ids} and {@code attention_mask}, and the
   * vectors of the tokens as its output.
   *
   * @param int8 whether to compute its products in eight bits; in fp32 if not
   */
  static void write(BertWeights weights, boolean int8, Path onnx) throws IOException {
    new FusedBert(weights, int8).write(onnx);
  }

  private void write(Path onnx) throws IOException {
    file.input(ModelShape.IDS, "texts", "tokens");
    file.input(ModelShape.MASK, "texts", "tokens");
    Map<String, ?> toInt32 = Map.of("to", (long) DataType.INT32_VALUE);
    String ids = file.standard("Cast", toInt32, ModelShape.IDS);
    String mask = file.standard("Cast", toInt32, ModelShape.MASK);
    String hidden = embeddings(ids);
    for (Layer layer : weights.layers()) {
      hidden = layer(hidden, mask, layer);
    }
    file.operation("", "Identity", NONE, List.of(ModelShape.OUTPUT), hidden);
    file.output(ModelShape.OUTPUT, "texts", "tokens", "dimension");
    file.write(onnx);
  }

  private String embeddings(String ids) {
    BertWeights.EmbeddingTables from = weights.embeddings();
    // Every text is of the first type, so its vector is added to every position.
    float[] positions = values(from.positions());
    float[] type = Arrays.copyOf(values(from.firstType()), weights.hidden());
    for (int i = 0; i < positions.length; i++) {
      positions[i] += type[i % type.length];
    }
    return file.operation(
            OnnxWriter.MICROSOFT,
            "EmbedLayerNormalization",
            epsilon,
            2,
            ids,
            "",
            tensor(from.words()),
            file.floats(positions, shape(from.positions())),
            "",
            tensor(from.norm().weight()),
            tensor(from.norm().bias()))
        .get(0);
  }

  private String layer(String input, String mask, Layer layer) {
    String context = attention(input, mask, layer);
    String attended =
        normalisedSum(
            product(context, layer.attended()),
            input,
            layer.attended().bias(),
            layer.attendedNorm());
    String wide =
        int8
            ? smoothedProduct(attended, layer.intermediate(), layer.attendedNorm())
            : product(attended, layer.intermediate());
    String bias = tensor(layer.intermediate().bias());
    // FastGelu differs by less than the error of int8.
    String active = file.fused(int8 ? "FastGelu" : "BiasGelu", NONE, wide, bias);
    String narrow = int8 ? productOfRows(active, layer.output()) : product(active, layer.output());
    return normalisedSum(narrow, attended, layer.output().bias(), layer.outputNorm());
  }

  private String attention(String input, String mask, Layer layer) {
    List<Linear> parts = List.of(layer.query(), layer.key(), layer.value());
    Matrix matrix = Matrix.beside(parts.stream().map(Matrix::of).toList());
    float[] biases = new float[matrix.columns()];
    int end = 0;
    for (Linear part : parts) {
      float[] bias = values(part.bias());
      System.arraycopy(bias, 0, biases, end, bias.length);
      end += bias.length;
    }
    String bias = file.floats(biases, biases.length);
    if (!int8) {
      return file.fused("Attention", heads, input, tensor(matrix), bias, mask);
    }
    Matrix.Int8 small = matrix.int8();
    List<String> quantised = file.operation("", "DynamicQuantizeLinear", NONE, 3, input);
    return file.fused(
        "QAttention",
        heads,
        quantised.get(0),
        tensor(matrix, small),
        bias,
        quantised.get(1),
        file.floats(small.scales(), small.scales().length),
        mask,
        quantised.get(2));
  }

  private String product(String input, Linear linear) {
    Matrix matrix = Matrix.of(linear);
    return int8 ? int8Product(input, matrix) : file.standard("MatMul", NONE, input, tensor(matrix));
  }

  private String int8Product(String input, Matrix matrix) {
    Matrix.Int8 small = matrix.int8();
    return file.fused(
        "DynamicQuantizeMatMul",
        NONE,
        input,
        tensor(matrix, small),
        file.floats(small.scales(), small.scales().length));
  }

  /** Returns the product with the output of a normalisation, whose weights bound its size. */
  private String smoothedProduct(String input, Linear linear, Norm norm) {
    float[] factors = values(norm.weight());
    float[] shifts = values(norm.bias());
    float[] sizes = new float[factors.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(shifts[i]) + SPREAD * Math.abs(factors[i]);
    }
    float[] sorted = sizes.clone();
    Arrays.sort(sorted);
    float usual = sorted[(int) (USUAL_CHANNELS * (sorted.length - 1))];
    float[] larger = new float[sizes.length];
    float[] smaller = new float[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      larger[i] = Math.max(1, sizes[i] / usual);
      smaller[i] = 1 / larger[i];
    }
    String smoothed = file.standard("Mul", NONE, input, file.floats(smaller, smaller.length));
    return int8Product(smoothed, Matrix.of(linear).timesRows(larger));
  }

  /** Returns the product with the output of a GELU, whose rows are scaled to the same size. */
  private String productOfRows(String input, Linear linear) {
    Map<String, ?> ofRows = Map.of("axes", List.of(-1L), "keepdims", 1L);
    String largest = file.standard("ReduceMax", ofRows, input);
    String divisor = file.standard("Max", NONE, largest, leastDivisor);
    String product = int8Product(file.standard("Div", NONE, input, divisor), Matrix.of(linear));
    return file.standard("Mul", NONE, product, divisor);
  }

  private String normalisedSum(String product, String skipped, Tensor bias, Norm norm) {
    return file.fused(
        "SkipLayerNormalization",
        epsilon,
        product,
        skipped,
        tensor(norm.weight()),
        tensor(norm.bias()),
        tensor(bias));
  }

  private String tensor(Tensor tensor) {
    return file.tensor(DataType.FLOAT, tensor.data(), shape(tensor));
  }

  private String tensor(Matrix matrix) {
    return file.floats(matrix.values(), matrix.rows(), matrix.columns());
  }

  private String tensor(Matrix matrix, Matrix.Int8 small) {
    return file.tensor(DataType.INT8, small.values(), matrix.rows(), matrix.columns());
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[tensor.data().remaining() / Float.BYTES];
    tensor.floats().get(values);
    return values;
  }

  private static long[] shape(Tensor tensor) {
    return tensor.shape().stream().mapToLong(Long::longValue).toArray();
  }
}
