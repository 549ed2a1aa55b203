package io.vectorstream.embedding;

import java.util.List;

/**
 * A model, with the engine and the device that run it: it turns token ids into vectors, one batch
 * at a time. It is called by one thread at a time, except for {@link #embedBeside}.
 */
interface EmbeddingModel extends AutoCloseable {

  /**
   * @param tokens each text's token ids, special tokens included, without padding
   * @return each text's vector, in the same order: the mean over its tokens, L2-normalised
   */
  List<float[]> embed(List<long[]> tokens);

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

  /** Returns the engine that computes at present. Any thread may call this. */
  EngineInfo engine();

  /** Returns how often a device failed and was replaced. Any thread may call this. */
  default long deviceFailures() {
    return 0;
  }

  @Override
  void close();
}
