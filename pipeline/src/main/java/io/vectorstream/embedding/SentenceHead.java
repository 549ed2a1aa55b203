package io.vectorstream.embedding;

import java.util.Arrays;
import java.util.List;

/**
 * The last part of a model, from the vectors of tokens to the vector of a text: pooling, layers,
 * and the first of its numbers where fewer are wanted (Matryoshka embeddings). The result is always
 * L2-normalised, so that a dot product of two is their cosine.
 *
 * @param layers none in most models
 * @param dimensions numbers that are kept of a vector; 0 for all
 */
record SentenceHead(Pooling pooling, List<VectorLayer> layers, int dimensions) {

  /** The mean of the tokens alone, as most models take it. */
  static final SentenceHead MEAN = new SentenceHead(Pooling.MEAN, List.of(), 0);

  private static final VectorLayer NORMALIZE = new VectorLayer.Normalize();

  SentenceHead {
    layers = List.copyOf(layers);
  }

  /** Returns whether an engine may compute it as the normalised sum of the tokens. */
  boolean isMeanAlone() {
    return pooling.isMean() && layers.isEmpty() && dimensions == 0;
  }

  /**
   * Computes the vector of one text.
   *
   * @param hidden vectors of tokens, one behind the other
   * @param start the place of the first token's first number
   * @param tokens of the text, padding not included
   * @param width numbers of a token's vector
   */
  float[] vector(float[] hidden, int start, int tokens, int width) {
    return finished(pooling.pool(hidden, start, tokens, width));
  }

  /** Computes the vector of one text that is pooled already. */
  float[] finished(float[] pooled) {
    float[] vector = pooled;
    for (VectorLayer layer : layers) {
      vector = layer.apply(vector);
    }
    if (dimensions > vector.length) {
      throw new EmbeddingException(
          "embedding.dimensions is %d, but the model's vectors have %d numbers; expected fewer, or 0 for all"
              .formatted(dimensions, vector.length));
    }
    if (dimensions > 0 && dimensions < vector.length) {
      vector = Arrays.copyOf(vector, dimensions);
    }
    return NORMALIZE.apply(vector);
  }
}
