package io.vectorstream.embedding;

import io.vectorstream.embedding.OnnxGraph.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The weights of a layer, the right factor of {@code x · weights}.
 *
 * @param values row after row
 * @param rows numbers in the input
 * @param columns numbers in the output
 */
record Matrix(float[] values, int rows, int columns) {

  static Matrix of(BertWeights.Linear linear) {
    Tensor weight = linear.weight();
    int first = weight.shape().get(0).intValue();
    int second = weight.shape().get(1).intValue();
    FloatBuffer floats = weight.floats();
    float[] values = new float[first * second];
    if (!linear.outFirst()) {
      floats.get(values);
      return new Matrix(values, first, second);
    }
    for (int out = 0; out < first; out++) {
      for (int in = 0; in < second; in++) {
        values[in * first + out] = floats.get(out * second + in);
      }
    }
    return new Matrix(values, second, first);
  }

  /** Joins matrices of equally many rows, side by side. */
  static Matrix beside(List<Matrix> matrices) {
    int rows = matrices.get(0).rows;
    int columns = matrices.stream().mapToInt(Matrix::columns).sum();
    float[] values = new float[rows * columns];
    int left = 0;
    for (Matrix matrix : matrices) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(
            matrix.values, row * matrix.columns, values, row * columns + left, matrix.columns);
      }
      left += matrix.columns;
    }
    return new Matrix(values, rows, columns);
  }

  /** Returns a matrix whose rows are multiplied by one factor each. */
  Matrix timesRows(float[] factors) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] * factors[i / columns];
    }
    return new Matrix(scaled, rows, columns);
  }

  /** Returns the largest absolute value of each row. */
  float[] largestOfRows() {
    float[] largest = new float[rows];
    for (int row = 0; row < rows; row++) {
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        largest[row] = Math.max(largest[row], Math.abs(values[i]));
      }
    }
    return largest;
  }

  /** Returns {@code row · weights}. */
  float[] product(float[] row) {
    float[] product = new float[columns];
    for (int in = 0; in < rows; in++) {
      for (int out = 0; out < columns; out++) {
        product[out] += row[in] * values[in * columns + out];
      }
    }
    return product;
  }

  /** Returns what {@code row · weights} loses when the weights are in eight bits. */
  float[] lostProduct(float[] row, Int8 small) {
    byte[] rounded = small.values().array();
    float[] lost = new float[columns];
    for (int in = 0; in < rows; in++) {
      for (int out = 0; out < columns; out++) {
        int i = in * columns + out;
        lost[out] += row[in] * (values[i] - rounded[i] * small.scales()[out]);
      }
    }
    return lost;
  }

  /**
   * A matrix in eight bits.
   *
   * @param values between -127 and 127, row after row
   * @param scales for each column, the factor of its values
   */
  record Int8(ByteBuffer values, float[] scales) {
    /** The number without a sign that stands for 0. */
    static final int ZERO_POINT = 128;

    /** Returns the values without a sign, {@link #ZERO_POINT} larger. */
    ByteBuffer unsigned() {
      byte[] unsigned = values.array().clone();
      for (int i = 0; i < unsigned.length; i++) {
        unsigned[i] += (byte) ZERO_POINT;
      }
      return ByteBuffer.wrap(unsigned);
    }
  }

  /** Converts to eight bits, with a scale for each column, because columns differ in size. */
  Int8 int8() {
    float[] scales = new float[columns];
    for (int i = 0; i < values.length; i++) {
      scales[i % columns] = Math.max(scales[i % columns], Math.abs(values[i]));
    }
    for (int column = 0; column < columns; column++) {
      scales[column] = scales[column] == 0 ? 1 : scales[column] / 127;
    }
    byte[] rounded = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (byte) Math.round(values[i] / scales[i % columns]);
    }
    return new Int8(ByteBuffer.wrap(rounded), scales);
  }
}
