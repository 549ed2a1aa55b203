package io.vectorstream.embedding;

import java.util.List;
import java.util.Optional;

/**
 * A model, with the engine and the device that run it: it turns token ids into vectors, one batch
 * at a time. It is called by one thread at a time, except for {@link #embedBeside}.
 */
interface EmbeddingModel extends AutoCloseable {

  /**
   * @param tokens each text's token ids, special tokens included, without padding
   * @return each text's vector, in the same order: L2-normalised
   */
  List<float[]> embed(List<long[]> tokens);

  /**
   * Returns the texts of each call of {@link #embed}, by their places in the list, each once.
   *
   * @param tokens of each text
   * @param maxTexts texts of one call, as the settings say
   */
  default List<int[]> batches(List<long[]> tokens, int maxTexts) {
    return LengthBatches.cut(tokens, maxTexts);
  }

  /** Returns whether {@link #embedBeside} can be called. Any thread may call this. */
  default boolean canEmbedBeside() {
    return false;
  }

  /**
   * Computes one text on the calling thread alone, while others compute batches or other texts.
   *
   * @param tokens as in {@link #embed}
   */
  default float[] embedBeside(long[] tokens) {
    throw new UnsupportedOperationException("this model computes one batch at a time");
  }

  /** Returns whether its calls are those of a native library, for which the process's end waits. */
  default boolean isNative() {
    return true;
  }

  /** Returns the engine that computes at present. Any thread may call this. */
  EngineInfo engine();

  /** Returns why texts wait at present; empty while they are computed. Any thread may call this. */
  default Optional<String> outage() {
    return Optional.empty();
  }

  /** Returns how often a device failed and was replaced. Any thread may call this. */
  default long deviceFailures() {
    return 0;
  }

  @Override
  void close();
}
