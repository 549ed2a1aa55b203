package io.vectorstream.embedding;

import java.util.Arrays;
import java.util.Optional;

/** A computation on a text's pooled vector. */
sealed interface VectorLayer {

  /**
   * @return another vector, or the same one, changed
   */
  float[] apply(float[] vector);

  /**
   * A feed-forward layer.
   *
   * @param place the folder that it comes from
   * @param weight {@code [out][in]}
   * @param bias of {@code out} numbers, zeros where the layer has none
   * @param residual whether the input is added to the result
   * @param projection the matrix that the input is multiplied with before; empty for none
   */
  record Dense(
      String place,
      Safetensors.Table weight,
      float[] bias,
      Activation activation,
      boolean residual,
      Optional<Safetensors.Table> projection)
      implements VectorLayer {

    @Override
    public float[] apply(float[] vector) {
      if (vector.length != weight.columns()) {
        throw new EmbeddingException(
            "embedding.model: the layer %s takes %d numbers, but gets %d"
                .formatted(place, weight.columns(), vector.length));
      }
      float[] result = product(weight, vector);
      for (int i = 0; i < result.length; i++) {
        result[i] = activation.of(result[i] + bias[i]);
      }
      if (residual) {
        float[] added = projection.map(matrix -> product(matrix, vector)).orElse(vector);
        for (int i = 0; i < result.length; i++) {
          result[i] += added[i];
        }
      }
      return result;
    }

    private static float[] product(Safetensors.Table matrix, float[] vector) {
      float[] result = new float[matrix.rows()];
      float[] values = matrix.values();
      for (int row = 0; row < result.length; row++) {
        float sum = 0;
        int from = row * vector.length;
        for (int i = 0; i < vector.length; i++) {
          sum += values[from + i] * vector[i];
        }
        result[row] = sum;
      }
      return result;
    }
  }

  /** An activation function, by the name of PyTorch's class. */
  enum Activation {
    IDENTITY("Identity"),
    TANH("Tanh"),
    RELU("ReLU"),
    SIGMOID("Sigmoid"),
    SILU("SiLU");

    private final String type;

    Activation(String type) {
      this.type = type;
    }

    static Optional<Activation> of(String type) {
      return Arrays.stream(values()).filter(one -> one.type.equals(type)).findFirst();
    }

    float of(float x) {
      return switch (this) {
        case IDENTITY -> x;
        case TANH -> (float) Math.tanh(x);
        case RELU -> Math.max(0, x);
        case SIGMOID -> (float) (1 / (1 + Math.exp(-x)));
        case SILU -> (float) (x / (1 + Math.exp(-x)));
      };
    }
  }

  /** A normalisation by mean and variance, with a weight and a bias for each number. */
  record LayerNorm(float[] weight, float[] bias) implements VectorLayer {
    /** PyTorch's own, which Sentence Transformers do not change. */
    private static final double EPSILON = 1e-5;

    @Override
    public float[] apply(float[] vector) {
      double mean = 0;
      for (float value : vector) {
        mean += value / vector.length;
      }
      double variance = 0;
      for (float value : vector) {
        variance += (value - mean) * (value - mean) / vector.length;
      }
      double factor = 1 / Math.sqrt(variance + EPSILON);
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) ((vector[i] - mean) * factor * weight[i] + bias[i]);
      }
      return vector;
    }
  }

  /** A division by the length; a vector of zeros stays as it is. */
  record Normalize() implements VectorLayer {

    @Override
    public float[] apply(float[] vector) {
      double squares = 0;
      for (float value : vector) {
        squares += (double) value * value;
      }
      if (squares == 0) {
        return vector;
      }
      float factor = (float) (1 / Math.sqrt(squares));
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= factor;
      }
      return vector;
    }
  }
}
