package io.vectorstream.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.norm.LayerNorm;
import io.vectorstream.embedding.OnnxGraph.Tensor;
import java.util.List;

/**
 * The encoder of BERT (Devlin et al., 2018, after the encoder of Vaswani et al., 2017), computed
 * with DJL's arrays: on PyTorch, from weights that were read elsewhere.
 */
final class BertEncoder implements PyTorchModel.Encoder {

  /** The number subtracted from attention scores of padding: the softmax makes them 0. */
  private static final float AWAY = 10_000f;

  private final NDManager memory;
  private final DataType type;
  private final int heads;
  private final int headSize;
  private final float epsilon;

  private final NDArray words;
  private final NDArray positions;
  private final Norm start;
  private final List<Layer> layers;

  private record Norm(NDArray weight, NDArray bias) {}

  /** The weight is {@code [out][in]}. */
  private record Linear(NDArray weight, NDArray bias) {}

  /**
   * @param attention computes queries, keys and values together
   */
  private record Layer(
      Linear attention,
      Linear attended,
      Norm attendedNorm,
      Linear intermediate,
      Linear output,
      Norm outputNorm) {}

  /**
   * @param memory receives the weights; closed with this
   * @param type of the weights and of the whole computation
   */
  BertEncoder(BertWeights weights, NDManager memory, DataType type) {
    this.memory = memory;
    this.type = type;
    this.heads = weights.heads();
    this.headSize = weights.hidden() / heads;
    this.epsilon = weights.epsilon();
    BertWeights.EmbeddingTables embeddings = weights.embeddings();
    this.words = array(embeddings.words());
    try (NDArray types = array(embeddings.firstType());
        NDArray firstType = types.get("0:1")) {
      // All texts have the first type, so its vector is added to the positions.
      this.positions = array(embeddings.positions()).addi(firstType);
    }
    this.start = norm(embeddings.norm());
    this.layers = weights.layers().stream().map(this::layer).toList();
  }

  private Layer layer(BertWeights.Layer layer) {
    float scale = (float) (1 / Math.sqrt(headSize));
    Linear query = linear(layer.query());
    Linear key = linear(layer.key());
    Linear value = linear(layer.value());
    query.weight().muli(scale);
    query.bias().muli(scale);
    Linear together =
        new Linear(
            NDArrays.concat(new NDList(query.weight(), key.weight(), value.weight())),
            NDArrays.concat(new NDList(query.bias(), key.bias(), value.bias())));
    for (Linear part : List.of(query, key, value)) {
      part.weight().close();
      part.bias().close();
    }
    return new Layer(
        together,
        linear(layer.attended()),
        norm(layer.attendedNorm()),
        linear(layer.intermediate()),
        linear(layer.output()),
        norm(layer.outputNorm()));
  }

  private Linear linear(BertWeights.Linear linear) {
    NDArray weight = array(linear.weight());
    if (linear.outFirst()) {
      return new Linear(weight, array(linear.bias()));
    }
    try (weight;
        NDArray turned = weight.transpose()) {
      return new Linear(turned.duplicate(), array(linear.bias()));
    }
  }

  private Norm norm(BertWeights.Norm norm) {
    return new Norm(array(norm.weight()), array(norm.bias()));
  }

  private NDArray array(Tensor tensor) {
    Shape shape = new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray());
    NDArray array = memory.create(tensor.floats(), shape, DataType.FLOAT32);
    if (type == DataType.FLOAT32) {
      return array;
    }
    try (array) {
      return array.toType(type, false);
    }
  }

  @Override
  public NDArray encode(NDArray ids, NDArray mask) {
    long texts = ids.getShape().get(0);
    long tokens = ids.getShape().get(1);
    NDArray away = null;
    if (mask != null) {
      away = mask.toType(type, true).subi(1).muli(AWAY).reshape(texts, 1, 1, tokens);
    }
    NDArray x = start(ids, texts, tokens);
    for (Layer layer : layers) {
      NDArray before = x;
      x = compute(layer, before, away, texts, tokens);
      before.close();
    }
    return x.reshape(texts, tokens, (long) heads * headSize);
  }

  private NDArray start(NDArray ids, long texts, long tokens) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray vectors = Embedding.embedding(ids, words, SparseFormat.DENSE).singletonOrThrow();
      NDArray x = normalise(vectors.addi(positions.get("0:" + tokens)), start);
      NDArray flat = x.reshape(texts * tokens, (long) heads * headSize);
      NDScope.unregister(flat);
      return flat;
    }
  }

  /** Computes one layer. Intermediate results are freed at once: they are many times the result. */
  private NDArray compute(Layer layer, NDArray x, NDArray away, long texts, long tokens) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray parts =
          apply(layer.attention(), x)
              .reshape(texts, tokens, 3, heads, headSize)
              .transpose(2, 0, 3, 1, 4);
      NDArray scores = parts.get(0).matMul(parts.get(1).transpose(0, 1, 3, 2));
      if (away != null) {
        scores.addi(away);
      }
      NDArray context =
          scores
              .softmax(-1)
              .matMul(parts.get(2))
              .transpose(0, 2, 1, 3)
              .reshape(texts * tokens, (long) heads * headSize);
      NDArray attended = normalise(apply(layer.attended(), context).addi(x), layer.attendedNorm());
      NDArray inner = Activation.gelu(apply(layer.intermediate(), attended));
      NDArray result = normalise(apply(layer.output(), inner).addi(attended), layer.outputNorm());
      NDScope.unregister(result);
      return result;
    }
  }

  private static NDArray apply(Linear linear, NDArray x) {
    return ai.djl.nn.core.Linear.linear(x, linear.weight(), linear.bias()).singletonOrThrow();
  }

  private NDArray normalise(NDArray x, Norm norm) {
    return LayerNorm.layerNorm(x, norm.weight().getShape(), norm.weight(), norm.bias(), epsilon)
        .singletonOrThrow();
  }

  @Override
  public void close() {
    memory.close();
  }
}
