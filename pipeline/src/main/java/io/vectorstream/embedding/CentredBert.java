package io.vectorstream.embedding;

import io.vectorstream.embedding.BertWeights.EmbeddingTables;
import io.vectorstream.embedding.BertWeights.Layer;
import io.vectorstream.embedding.BertWeights.Linear;
import io.vectorstream.embedding.BertWeights.Norm;
import io.vectorstream.embedding.OnnxGraph.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The move of a BERT's intermediate results, so that the values of each channel lie around 0, where
 * eight bits are finest for them. Biases alone change, and it computes the same: a normalisation
 * gives values less their middle, and what is computed of them gets it back. After <a
 * href="https://arxiv.org/abs/2304.09145">Outlier Suppression+</a> (Wei et al.).
 */
final class CentredBert {
  private CentredBert() {}

  /** Returns weights whose normalised values lie around 0; the last layer's stay as they are. */
  static BertWeights of(BertWeights weights, Activations measured) {
    EmbeddingTables tables = weights.embeddings();
    List<Layer> layers = new ArrayList<>();
    int last = weights.layers().size() - 1;
    for (int i = 0; i <= last; i++) {
      Layer layer = weights.layers().get(i);
      float[] before = measured.layers().get(i).attention().middle();
      float[] between = measured.layers().get(i).intermediate().middle();
      Norm outputNorm =
          i == last
              ? layer.outputNorm()
              : less(layer.outputNorm(), measured.layers().get(i + 1).attention().middle());
      layers.add(
          new Layer(
              undone(layer.query(), before),
              undone(layer.key(), before),
              undone(layer.value(), before),
              // Its bias is added to the layer's input as well.
              more(layer.attended(), before),
              less(layer.attendedNorm(), between),
              undone(layer.intermediate(), between),
              more(layer.output(), between),
              outputNorm));
    }
    float[] first = measured.layers().get(0).attention().middle();
    return weights.with(
        new EmbeddingTables(
            tables.words(), tables.positions(), tables.firstType(), less(tables.norm(), first)),
        layers);
  }

  private static Norm less(Norm norm, float[] middle) {
    float[] bias = norm.bias().values();
    for (int i = 0; i < bias.length; i++) {
      bias[i] -= middle[i];
    }
    return new Norm(norm.weight(), Tensor.of(bias));
  }

  private static Linear more(Linear linear, float[] middle) {
    float[] bias = linear.bias().values();
    for (int i = 0; i < bias.length; i++) {
      bias[i] += middle[i];
    }
    return new Linear(linear.weight(), Tensor.of(bias), linear.outFirst());
  }

  private static Linear undone(Linear linear, float[] middle) {
    return more(linear, Matrix.of(linear).product(middle));
  }
}
