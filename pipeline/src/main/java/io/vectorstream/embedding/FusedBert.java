package io.vectorstream.embedding;

import io.vectorstream.embedding.Activations.Channels;
import io.vectorstream.embedding.Activations.Place;
import io.vectorstream.embedding.BertWeights.Layer;
import io.vectorstream.embedding.BertWeights.Linear;
import io.vectorstream.embedding.BertWeights.Norm;
import io.vectorstream.embedding.Onnx.TensorProto.DataType;
import io.vectorstream.embedding.OnnxGraph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conversion of a BERT encoder to ONNX Runtime's operations for transformers: a whole
 * attention, a sum with its normalisation, a bias with its GELU. ONNX Runtime does not find them by
 * itself in PyTorch's exports, and on the CPU they are faster.
 *
 * <p>In int8 the weights have one scale a column. Activations get their scale during computation,
 * one for all of a batch, so that a single large number makes all others coarse. BERT has such
 * numbers: in a few channels behind a normalisation, and in the first token's row between the two
 * layers of the feed-forward part. The former are made smaller, and their weights larger ({@link
 * Smoothing}); in the latter, each row is divided by its own largest number. On a processor that
 * {@linkplain Processor#cutsOffSums cuts off} sums of such products, weights have no sign, for
 * which ONNX Runtime has products without that fault.
 *
 * <p>Where the sizes of activations are known, values lie around 0 ({@link CentredBert}), all
 * channels behind a normalisation are scaled, rows are divided where it pays, and a bias gives back
 * what rounded weights lose of the mean activations, after <a
 * href="https://arxiv.org/abs/1906.04721">Nagel et al., section 4.2</a>.
 */
final class FusedBert {
  /** The least divisor of a row, which bounds its size, as GELU gives nothing below -0.17. */
  private static final float LEAST_DIVISOR = 0.2f;

  private static final Map<String, ?> NONE = Map.of();

  private final OnnxWriter file = new OnnxWriter();
  private final BertWeights weights;
  private final boolean int8;
  private final boolean unsigned;
  private final Optional<Activations> known;
  private final boolean measured;
  private final Map<String, ?> heads;
  private final Map<String, ?> epsilon;

  private FusedBert(
      BertWeights weights,
      boolean int8,
      boolean unsigned,
      Optional<Activations> known,
      boolean measured) {
    this.weights = known.map(sizes -> CentredBert.of(weights, sizes)).orElse(weights);
    this.int8 = int8;
    this.unsigned = unsigned;
    this.known = known;
    this.measured = measured;
    this.heads = Map.of("num_heads", (long) weights.heads());
    this.epsilon = Map.of("epsilon", weights.epsilon());
  }

  /**
   * Writes the encoder with the inputs {@code input_ids} and {@code attention_mask}, and the
   * vectors of the tokens as its output.
   *
   * @param int8 whether to compute its products in eight bits; in fp32 if not
   * @param known the sizes of its activations, where they were measured; only int8 gains by them
   */
  static void write(BertWeights weights, boolean int8, Optional<Activations> known, Path onnx)
      throws IOException {
    write(weights, int8, Processor.cutsOffSums(), known, onnx);
  }

  /**
   * @param unsigned whether numbers of eight bits have no sign: of those, no sum is cut off
   */
  static void write(
      BertWeights weights, boolean int8, boolean unsigned, Optional<Activations> known, Path onnx)
      throws IOException {
    new FusedBert(weights, int8, unsigned, known, false).write(onnx);
  }

  /** Writes the encoder in fp32 with further outputs, the activations at each {@link Place}. */
  static void writeMeasured(BertWeights weights, Path onnx) throws IOException {
    new FusedBert(weights, false, false, Optional.empty(), true).write(onnx);
  }

  private void write(Path onnx) throws IOException {
    file.input(ModelShape.IDS, "texts", "tokens");
    file.input(ModelShape.MASK, "texts", "tokens");
    Map<String, ?> toInt32 = Map.of("to", (long) DataType.INT32_VALUE);
    String ids = file.standard("Cast", toInt32, ModelShape.IDS);
    String mask = file.standard("Cast", toInt32, ModelShape.MASK);
    String hidden = embeddings(ids);
    for (int i = 0; i < weights.layers().size(); i++) {
      hidden = layer(hidden, mask, i);
    }
    output(hidden, ModelShape.OUTPUT);
    file.write(onnx);
  }

  private void output(String value, String name) {
    file.operation("", "Identity", NONE, List.of(name), value);
    file.output(name, "texts", "tokens", name + " channels");
  }

  private String embeddings(String ids) {
    BertWeights.EmbeddingTables from = weights.embeddings();
    // Every text is of the first type, so its vector is added to every position.
    float[] positions = from.positions().values();
    float[] type = Arrays.copyOf(from.firstType().values(), weights.hidden());
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

  private String layer(String input, String mask, int index) {
    Layer layer = weights.layers().get(index);
    Optional<Activations.Layer> sizes = known.map(all -> all.layers().get(index));
    measure(input, Place.ATTENTION, index);
    String context = attention(input, mask, layer, sizes.map(Activations.Layer::attention));
    measure(context, Place.ATTENDED, index);
    ScaledLinear attended = unscaled(layer.attended(), sizes.map(Activations.Layer::attended));
    String sum =
        normalisedSum(product(context, attended), input, attended.bias(), layer.attendedNorm());
    measure(sum, Place.INTERMEDIATE, index);
    ScaledLinear intermediate = intermediate(layer, sizes.map(Activations.Layer::intermediate));
    String wide = product(smoothed(sum, intermediate), intermediate);
    // FastGelu differs by less than the error of int8.
    String active =
        file.fused(int8 ? "FastGelu" : "BiasGelu", NONE, wide, row(intermediate.bias()));
    measure(active, Place.OUTPUT, index);
    Optional<Channels> inner = sizes.map(Activations.Layer::output);
    ScaledLinear output = unscaled(layer.output(), inner);
    boolean byRows = int8 && inner.map(Channels::hasLargeRows).orElse(true);
    String narrow = byRows ? productOfRows(active, output) : product(active, output);
    return normalisedSum(narrow, sum, output.bias(), layer.outputNorm());
  }

  private void measure(String value, Place place, int layer) {
    if (measured) {
      output(value, place.in(layer));
    }
  }

  private String attention(String input, String mask, Layer layer, Optional<Channels> sizes) {
    List<Linear> parts = List.of(layer.query(), layer.key(), layer.value());
    Matrix matrix = Matrix.beside(parts.stream().map(Matrix::of).toList());
    float[] biases = new float[matrix.columns()];
    int end = 0;
    for (Linear part : parts) {
      float[] bias = part.bias().values();
      System.arraycopy(bias, 0, biases, end, bias.length);
      end += bias.length;
    }
    ScaledLinear linear = smoothed(matrix, biases, sizes);
    String x = smoothed(input, linear);
    String bias = row(linear.bias());
    if (linear.small().isEmpty()) {
      return file.fused("Attention", heads, x, tensor(linear.matrix()), bias, mask);
    }
    Matrix.Int8 small = linear.small().get();
    List<String> quantised = file.operation("", "DynamicQuantizeLinear", NONE, 3, x);
    return file.fused(
        "QAttention",
        heads,
        withZeroPoint(
            quantised.get(0),
            tensor(matrix, small),
            bias,
            quantised.get(1),
            row(small.scales()),
            mask,
            quantised.get(2)));
  }

  private ScaledLinear intermediate(Layer layer, Optional<Channels> sizes) {
    Matrix matrix = Matrix.of(layer.intermediate());
    float[] bias = layer.intermediate().bias().values();
    if (sizes.isEmpty() && int8) {
      Optional<float[]> divisors = Optional.of(Smoothing.ofNorm(layer.attendedNorm()));
      return ScaledLinear.of(matrix, bias, divisors, Optional.empty(), int8);
    }
    return smoothed(matrix, bias, sizes);
  }

  /** Returns weights for values around 0, which are scaled where their sizes are known. */
  private ScaledLinear smoothed(Matrix matrix, float[] bias, Optional<Channels> sizes) {
    return ScaledLinear.of(
        matrix,
        bias,
        sizes.map(channels -> Smoothing.measured(channels.reach(), matrix)),
        sizes.map(Channels::meanFromMiddle),
        int8);
  }

  private ScaledLinear unscaled(Linear linear, Optional<Channels> sizes) {
    return ScaledLinear.of(
        Matrix.of(linear),
        linear.bias().values(),
        Optional.empty(),
        sizes.map(Channels::mean),
        int8);
  }

  private String smoothed(String input, ScaledLinear linear) {
    return linear
        .factors()
        .map(factors -> file.standard("Mul", NONE, input, row(factors)))
        .orElse(input);
  }

  /** Returns the product without its bias. */
  private String product(String input, ScaledLinear linear) {
    if (linear.small().isEmpty()) {
      return file.standard("MatMul", NONE, input, tensor(linear.matrix()));
    }
    Matrix.Int8 small = linear.small().get();
    return file.fused(
        "DynamicQuantizeMatMul",
        NONE,
        withZeroPoint(input, tensor(linear.matrix(), small), row(small.scales())));
  }

  /** Returns the product with the output of a GELU, whose rows are scaled to the same size. */
  private String productOfRows(String input, ScaledLinear linear) {
    Map<String, ?> ofRows = Map.of("axes", List.of(-1L), "keepdims", 1L);
    String largest = file.standard("ReduceMax", ofRows, input);
    String divisor = file.standard("Max", NONE, largest, row(new float[] {LEAST_DIVISOR}));
    String product = product(file.standard("Div", NONE, input, divisor), linear);
    return file.standard("Mul", NONE, product, divisor);
  }

  private String normalisedSum(String product, String skipped, float[] bias, Norm norm) {
    return file.fused(
        "SkipLayerNormalization",
        epsilon,
        product,
        skipped,
        tensor(norm.weight()),
        tensor(norm.bias()),
        row(bias));
  }

  private String row(float[] values) {
    return file.floats(values, values.length);
  }

  private String tensor(Tensor tensor) {
    return file.tensor(DataType.FLOAT, tensor.data(), shape(tensor));
  }

  private String tensor(Matrix matrix) {
    return file.floats(matrix.values(), matrix.rows(), matrix.columns());
  }

  private String tensor(Matrix matrix, Matrix.Int8 small) {
    return unsigned
        ? file.tensor(DataType.UINT8, small.unsigned(), matrix.rows(), matrix.columns())
        : file.tensor(DataType.INT8, small.values(), matrix.rows(), matrix.columns());
  }

  /**
   * Returns the inputs and, behind them, the number that stands for a weight of 0 if it is not 0.
   */
  private String[] withZeroPoint(String... inputs) {
    if (!unsigned) {
      return inputs;
    }
    String[] all = Arrays.copyOf(inputs, inputs.length + 1);
    all[inputs.length] =
        file.tensor(DataType.UINT8, ByteBuffer.wrap(new byte[] {(byte) Matrix.Int8.ZERO_POINT}));
    return all;
  }

  private static long[] shape(Tensor tensor) {
    return tensor.shape().stream().mapToLong(Long::longValue).toArray();
  }
}
