package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.SparseVector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A sparse vector.
 *
 * @param indices each once, in ascending order as signed numbers
 * @param values {@code float[indices.length]}
 */
record SparseValues(int[] indices, float[] values) {

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for two values of one index, or one of
   *     none
   */
  static SparseValues of(SparseVector vector) {
    List<Integer> indices = vector.getIndicesList();
    List<Float> values = vector.getValuesList();
    if (indices.size() != values.size()) {
      throw Refusal.invalid(
          "Validation error in body: [values: must be the same length as indices]");
    }
    int[] order =
        IntStream.range(0, indices.size())
            .boxed()
            .sorted((one, other) -> Integer.compare(indices.get(one), indices.get(other)))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] sorted = new int[order.length];
    float[] weights = new float[order.length];
    for (int i = 0; i < order.length; i++) {
      sorted[i] = indices.get(order[i]);
      weights[i] = values.get(order[i]);
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw Refusal.invalid("Validation error in body: [indices: must be unique]");
      }
    }
    return new SparseValues(sorted, weights);
  }

  SparseVector toMessage() {
    SparseVector.Builder message = SparseVector.newBuilder();
    for (int i = 0; i < indices.length; i++) {
      message.addIndices(indices[i]).addValues(values[i]);
    }
    return message.build();
  }

  boolean isEmpty() {
    return indices.length == 0;
  }

  /** Returns the value of an index; 0 for one that is not there. */
  float value(int index) {
    int at = Arrays.binarySearch(indices, index);
    return at < 0 ? 0 : values[at];
  }

  byte[] encode() {
    byte[] bytes = new byte[indices.length * (Integer.BYTES + Float.BYTES)];
    int at = 0;
    for (int i = 0; i < indices.length; i++) {
      at = Bytes.putInt(bytes, at, indices[i]);
      at = Bytes.putInt(bytes, at, Float.floatToRawIntBits(values[i]));
    }
    return bytes;
  }

  static SparseValues decode(byte[] bytes) {
    int[] indices = new int[bytes.length / (Integer.BYTES + Float.BYTES)];
    float[] values = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int at = i * (Integer.BYTES + Float.BYTES);
      indices[i] = Bytes.getInt(bytes, at);
      values[i] = Float.intBitsToFloat(Bytes.getInt(bytes, at + Integer.BYTES));
    }
    return new SparseValues(indices, values);
  }
}
