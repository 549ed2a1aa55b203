package io.vectorstream.embedding;

import io.vectorstream.embedding.OnnxGraph.Node;
import io.vectorstream.embedding.OnnxGraph.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The weights of a BERT encoder, found in an ONNX file by the names that PyTorch gave them. A file
 * with any other structure is refused, because its vectors would be wrong without an error.
 */
final class BertWeights {
  private static final String WORDS = "embeddings.word_embeddings.weight";

  private final OnnxGraph graph;
  private final String prefix;
  private final Set<String> used = new HashSet<>();

  private final EmbeddingTables embeddings;
  private final List<Layer> layers;
  private final int heads;
  private final float epsilon;

  /**
   * The tables that a token's first vector is computed from.
   *
   * @param words {@code [vocabulary][hidden]}
   * @param positions {@code [longest text][hidden]}
   * @param firstType {@code [types][hidden]}, of which the first is for a text alone
   */
  record EmbeddingTables(Tensor words, Tensor positions, Tensor firstType, Norm norm) {}

  record Norm(Tensor weight, Tensor bias) {}

  /**
   * {@code x · weight + bias}.
   *
   * @param outFirst whether the weight is {@code [out][in]}; {@code [in][out]} if not
   */
  record Linear(Tensor weight, Tensor bias, boolean outFirst) {}

  record Layer(
      Linear query,
      Linear key,
      Linear value,
      Linear attended,
      Norm attendedNorm,
      Linear intermediate,
      Linear output,
      Norm outputNorm) {}

  private BertWeights(OnnxGraph graph) throws IOException {
    this.graph = graph;
    this.prefix =
        graph.tensors().keySet().stream()
            .filter(name -> name.endsWith(WORDS))
            .map(name -> name.substring(0, name.length() - WORDS.length()))
            .findFirst()
            .orElseThrow(() -> unlike("there is no weight named " + WORDS));
    this.embeddings =
        new EmbeddingTables(
            weight(WORDS),
            weight("embeddings.position_embeddings.weight"),
            weight("embeddings.token_type_embeddings.weight"),
            norm("embeddings.LayerNorm"));
    this.layers = new ArrayList<>();
    for (int i = 0; graph.tensor(prefix + queryBias(i)).isPresent(); i++) {
      layers.add(layer("encoder.layer." + i));
    }
    this.heads = findHeads();
    this.epsilon = findEpsilon();
    checkTheRest();
  }

  private BertWeights(BertWeights other, EmbeddingTables embeddings, List<Layer> layers) {
    this.graph = other.graph;
    this.prefix = other.prefix;
    this.heads = other.heads;
    this.epsilon = other.epsilon;
    this.embeddings = embeddings;
    this.layers = layers;
  }

  /**
   * Reads the weights.
   *
   * @throws UnlikeBertException if the file is no such encoder
   * @throws IOException if it cannot be read
   */
  static BertWeights read(Path onnx) throws IOException {
    return new BertWeights(OnnxGraph.read(onnx));
  }

  /** Returns the same network with other weights. */
  BertWeights with(EmbeddingTables embeddings, List<Layer> layers) {
    return new BertWeights(this, embeddings, layers);
  }

  EmbeddingTables embeddings() {
    return embeddings;
  }

  List<Layer> layers() {
    return layers;
  }

  /** Returns the number of attention heads of a layer. */
  int heads() {
    return heads;
  }

  /** Returns the constant that is added to the variance where vectors are normalised. */
  float epsilon() {
    return epsilon;
  }

  /** Returns the number of floats in a token's vector. */
  int hidden() {
    return embeddings.words().shape().get(1).intValue();
  }

  private static String queryBias(int layer) {
    return "encoder.layer." + layer + ".attention.self.query.bias";
  }

  private Layer layer(String name) throws IOException {
    return new Layer(
        linear(name + ".attention.self.query"),
        linear(name + ".attention.self.key"),
        linear(name + ".attention.self.value"),
        linear(name + ".attention.output.dense"),
        norm(name + ".attention.output.LayerNorm"),
        linear(name + ".intermediate.dense"),
        linear(name + ".output.dense"),
        norm(name + ".output.LayerNorm"));
  }

  private Norm norm(String name) throws IOException {
    return new Norm(weight(name + ".weight"), weight(name + ".bias"));
  }

  /** Returns weight and bias; the matrix has its own name, or is the factor before the bias. */
  private Linear linear(String name) throws IOException {
    Tensor bias = weight(name + ".bias");
    if (graph.tensor(prefix + name + ".weight").isPresent()) {
      return new Linear(weight(name + ".weight"), bias, true);
    }
    for (Node add : graph.users(prefix + name + ".bias").toList()) {
      for (String input : add.inputs()) {
        Optional<Node> product = graph.producer(input).filter(node -> node.type().equals("MatMul"));
        if (product.isPresent()) {
          String matrix = product.get().inputs().get(1);
          return new Linear(taken(matrix), bias, false);
        }
      }
    }
    throw unlike("there is no weight for " + name);
  }

  private Tensor weight(String name) throws IOException {
    return taken(prefix + name);
  }

  private Tensor taken(String name) throws IOException {
    Tensor tensor =
        graph.tensor(name).orElseThrow(() -> unlike("there is no weight named " + name));
    long values = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
    if (!tensor.isFloat() || tensor.data().remaining() != values * Float.BYTES) {
      throw unlike("the weight " + name + " is not in fp32");
    }
    used.add(name);
    return tensor;
  }

  /** Finds the number of heads in the queries' shape: {@code [texts, tokens, heads, size]}. */
  private int findHeads() throws IOException {
    if (layers.isEmpty()) {
      throw unlike("there is no weight named " + queryBias(0));
    }
    Set<String> queries = new HashSet<>();
    graph.users(prefix + queryBias(0)).forEach(node -> queries.addAll(node.outputs()));
    for (Node reshape : graph.nodes("Reshape").toList()) {
      if (queries.contains(reshape.inputs().get(0))) {
        List<Long> shape = shape(reshape.inputs().get(1));
        if (shape.size() == 4) {
          long found = shape.get(2) > 0 ? shape.get(2) : hidden() / Math.max(1, shape.get(3));
          if (found > 0 && hidden() % found == 0) {
            return (int) found;
          }
        }
      }
    }
    throw unlike("the number of attention heads cannot be found");
  }

  /** Returns a shape given as a whole, or composed of parts; -1 for a part that is not known. */
  private List<Long> shape(String value) {
    List<Long> shape = new ArrayList<>();
    List<String> parts =
        graph
            .producer(value)
            .filter(node -> node.type().equals("Concat"))
            .map(Node::inputs)
            .orElse(List.of(value));
    for (String part : parts) {
      long[] values = graph.tensor(part).map(Tensor::integers).orElse(new long[] {-1});
      for (long number : values) {
        shape.add(number);
      }
    }
    return shape;
  }

  private float findEpsilon() throws IOException {
    Optional<Float> named =
        graph.nodes("LayerNormalization").map(Node::epsilon).filter(e -> e > 0).findFirst();
    if (named.isPresent()) {
      return named.get();
    }
    for (Node root : graph.nodes("Sqrt").toList()) {
      for (String term : graph.producer(root.inputs().get(0)).map(Node::inputs).orElse(List.of())) {
        Optional<Tensor> constant = graph.tensor(term).filter(Tensor::isFloat);
        if (constant.isPresent() && constant.get().data().remaining() == Float.BYTES) {
          return constant.get().floats().get(0);
        }
      }
    }
    throw unlike("the epsilon of its LayerNorm cannot be found");
  }

  private void checkTheRest() throws IOException {
    if (!graph.has("Erf") && !graph.has("Gelu")) {
      throw unlike("its activation is not GELU");
    }
    // RoBERTa counts positions in another way, under the same names.
    if (graph.has("CumSum")) {
      throw unlike("it counts positions as RoBERTa does");
    }
    for (Map.Entry<String, Tensor> tensor : graph.tensors().entrySet()) {
      String name = tensor.getKey();
      boolean isWeight = tensor.getValue().shape().stream().anyMatch(size -> size > 1);
      if (isWeight
          && tensor.getValue().isFloat()
          && !used.contains(name)
          && !name.startsWith(prefix + "pooler.")) {
        throw unlike("it has a weight that no BERT has, " + name);
      }
    }
  }

  private static UnlikeBertException unlike(String what) {
    return new UnlikeBertException(what);
  }
}
