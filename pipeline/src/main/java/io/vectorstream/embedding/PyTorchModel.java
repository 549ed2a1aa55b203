package io.vectorstream.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model run by DJL's PyTorch engine. On all threads together, PyTorch computes a batch as a
 * whole; else the batch is divided into parts, each computed by one thread alone.
 */
final class PyTorchModel implements EmbeddingModel {
  static final String ENGINE = "PyTorch";

  private final Encoder encoder;
  private final NDManager memory;
  private final EngineInfo info;
  private final SentenceHead head;
  private final int threads;

  /** The parts of a batch; null where it is computed as a whole. */
  private final PartedBatch parts;

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
  static PyTorchModel whole(
      Encoder encoder, NDManager memory, EngineInfo info, SentenceHead head, int threads) {
    return new PyTorchModel(encoder, memory, info, head, threads, false);
  }

  /**
   * @param encoder may be called by several threads
   * @param memory of the CPU; closed with this, like the encoder
   */
  static PyTorchModel inParts(
      Encoder encoder, NDManager memory, EngineInfo info, SentenceHead head, int threads) {
    return new PyTorchModel(encoder, memory, info, head, threads, true);
  }

  private PyTorchModel(
      Encoder encoder,
      NDManager memory,
      EngineInfo info,
      SentenceHead head,
      int threads,
      boolean inParts) {
    this.head = head;
    this.encoder = encoder;
    this.memory = memory;
    this.info = info;
    this.threads = inParts ? 1 : threads;
    this.parts =
        inParts
            ? new PartedBatch(
                threads, PartedBatch.tokensOfPart(threads), (tokens, buffers) -> compute(tokens))
            : null;
  }

  @Override
  public EngineInfo engine() {
    return info;
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    return parts == null ? compute(tokens) : parts.embed(tokens);
  }

  @Override
  public boolean canEmbedBeside() {
    return parts != null;
  }

  @Override
  public float[] embedBeside(long[] tokens) {
    return compute(List.of(tokens)).get(0);
  }

  private List<float[]> compute(List<long[]> tokens) {
    // PyTorch keeps the number for the calling thread, which may have called another model.
    JniUtils.setNumThreads(threads);
    int longest = tokens.stream().mapToInt(row -> row.length).max().orElse(0);
    boolean padded = tokens.stream().anyMatch(row -> row.length < longest);
    Shape shape = new Shape(tokens.size(), longest);
    try (NDManager batch = memory.newSubManager()) {
      NDArray ids = batch.create(ids(tokens, longest), shape, DataType.INT64);
      NDArray mask = padded ? batch.create(mask(tokens, longest), shape, DataType.INT64) : null;
      NDArray vectors = encoder.encode(ids, mask).toType(DataType.FLOAT32, false);
      if (!head.isMeanAlone()) {
        return vectors(vectors, tokens, longest);
      }
      if (padded) {
        // TorchScript's results cannot be changed in place.
        vectors = vectors.mul(mask.toType(DataType.FLOAT32, true).expandDims(2));
      }
      // The sum of the tokens has the direction of their mean.
      return rows(vectors.sum(new int[] {1}).normalize(2, 1));
    }
  }

  private List<float[]> vectors(NDArray hidden, List<long[]> tokens, int longest) {
    int width = (int) hidden.getShape().get(2);
    float[] values = hidden.toFloatArray();
    List<float[]> vectors = new ArrayList<>(tokens.size());
    for (int text = 0; text < tokens.size(); text++) {
      vectors.add(head.vector(values, text * longest * width, tokens.get(text).length, width));
    }
    return vectors;
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
    if (parts != null) {
      parts.close();
    }
    encoder.close();
    memory.close();
  }
}
