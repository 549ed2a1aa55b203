package io.vectorstream.embedding;

import io.vectorstream.config.Settings;

/** Settings of the embedding for tests: the bundled model as it is by default, on two threads. */
final class Embeddings {
  private Embeddings() {}

  static Settings.Embedding settings() {
    return settings(16, 256);
  }

  static Settings.Embedding settings(int batchSize, int maxTokens) {
    return new Settings.Embedding(
        "bundled",
        Settings.Engine.AUTO,
        Settings.Device.AUTO,
        Settings.Precision.FP32,
        batchSize,
        maxTokens,
        2,
        10_000);
  }
}
