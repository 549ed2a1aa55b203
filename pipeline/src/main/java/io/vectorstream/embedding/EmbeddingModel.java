package io.vectorstream.embedding;

import java.util.List;

/**
 * A model, with the engine and the device that run it: turns token ids into vectors, one batch at a
 * time. It is called by one thread at a time.
 */
interface EmbeddingModel extends AutoCloseable {

  /**
   * @param tokens each text's token ids, special tokens included, without padding
   * @return each text's vector, in the same order: the mean over its tokens, L2-normalised
   */
  List<float[]> embed(List<long[]> tokens);

  /** What computes just now. Any thread may ask. */
  EngineInfo engine();

  /** How often a device has failed and was left for another. Any thread may ask. */
  default long deviceFailures() {
    return 0;
  }

  @Override
  void close();
}
