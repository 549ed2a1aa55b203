package io.vectorstream.embedding;

import ai.djl.engine.EngineException;
import java.util.List;

/** The failures of a GPU, for models that have none. */
final class GpuFailures {
  private GpuFailures() {}

  /** Fails as PyTorch does when the batch has more tokens than that, padding included. */
  static void outOfMemoryAbove(int tokens, List<long[]> batch) {
    int longest = batch.stream().mapToInt(row -> row.length).max().orElse(0);
    if (batch.size() * longest > tokens) {
      throw new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB.");
    }
  }

  static void broken() {
    throw new EngineException("CUDA error: unspecified launch failure");
  }
}
