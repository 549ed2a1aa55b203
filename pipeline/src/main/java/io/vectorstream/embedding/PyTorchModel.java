package io.vectorstream.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A model run by DJL's PyTorch engine. */
final class PyTorchModel implements EmbeddingModel {
  static final String ENGINE = "PyTorch";

  private final Encoder encoder;
  private final NDManager memory;
  private final EngineInfo info;

  /** The computation of a vector for each token of a text. */
  interface Encoder extends AutoCloseable {

    /**
     * @param ids {@code int64[texts][tokens]}
     * @param mask of the same shape, 1 for a token and 0 for padding; null where there is none
     * @return {@code [texts][tokens][dimension]}
     */
    NDArray encode(NDArray ids, NDArray mask);

    @Override
    void close();
  }

  /**
   * @param memory of the device; closed with this, like the encoder
   */
  PyTorchModel(Encoder encoder, NDManager memory, EngineInfo info) {
    this.encoder = encoder;
    this.memory = memory;
    this.info = info;
  }

  @Override
  public EngineInfo engine() {
    return info;
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    int longest = tokens.stream().mapToInt(row -> row.length).max().orElse(0);
    boolean padded = tokens.stream().anyMatch(row -> row.length < longest);
    Shape shape = new Shape(tokens.size(), longest);
    try (NDManager batch = memory.newSubManager()) {
      NDArray ids = batch.create(ids(tokens, longest), shape, DataType.INT64);
      NDArray mask = padded ? batch.create(mask(tokens, longest), shape, DataType.INT64) : null;
      NDArray vectors = encoder.encode(ids, mask).toType(DataType.FLOAT32, false);
      if (padded) {
        vectors.muli(mask.toType(DataType.FLOAT32, true).expandDims(2));
      }
      // The sum of the tokens has the direction of their mean.
      return rows(vectors.sum(new int[] {1}).normalize(2, 1));
    }
  }

  private static LongBuffer ids(List<long[]> tokens, int longest) {
    LongBuffer values = LongBuffer.allocate(tokens.size() * longest);
    for (long[] row : tokens) {
      values.put(Arrays.copyOf(row, longest));
    }
    return values.flip();
  }

  private static LongBuffer mask(List<long[]> tokens, int longest) {
    LongBuffer values = LongBuffer.allocate(tokens.size() * longest);
    for (long[] row : tokens) {
      long[] ones = new long[longest];
      Arrays.fill(ones, 0, row.length, 1);
      values.put(ones);
    }
    return values.flip();
  }

  private static List<float[]> rows(NDArray vectors) {
    int dimension = (int) vectors.getShape().get(1);
    float[] all = vectors.toFloatArray();
    List<float[]> rows = new ArrayList<>(all.length / dimension);
    for (int start = 0; start < all.length; start += dimension) {
      rows.add(Arrays.copyOfRange(all, start, start + dimension));
    }
    return rows;
  }

  @Override
  public void close() {
    encoder.close();
    memory.close();
  }
}
