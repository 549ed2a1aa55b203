package io.vectorstream.embedding;

import java.io.Serializable;

/**
 * The counters of an {@link EmbeddingService} since it was opened. They only grow, so the
 * difference between two readings describes the time between them.
 *
 * @param requests texts asked for, every repetition counted
 * @param cacheHits of these, the texts that needed no computation of their own: they were in the
 *     cache, came twice in one call, or another thread was computing them already
 * @param texts texts computed
 * @param computeNanos time spent computing them, tokenizing included, in nanoseconds
 * @param failedTexts texts that the model failed on, counted again each time that it did
 * @param deviceFailures how often the GPU failed and was replaced by the CPU
 */
public record EmbeddingStats(
    long requests,
    long cacheHits,
    long texts,
    long computeNanos,
    long failedTexts,
    long deviceFailures)
    implements Serializable {

  public static final EmbeddingStats NONE = new EmbeddingStats(0, 0, 0, 0, 0, 0);

  /** Returns the sum of both. */
  public EmbeddingStats plus(EmbeddingStats other) {
    return new EmbeddingStats(
        requests + other.requests,
        cacheHits + other.cacheHits,
        texts + other.texts,
        computeNanos + other.computeNanos,
        failedTexts + other.failedTexts,
        deviceFailures + other.deviceFailures);
  }

  /** Returns the texts computed in a second of computing; 0 when there were none. */
  public double textsPerSecond() {
    return computeNanos == 0 ? 0 : texts * 1e9 / computeNanos;
  }

  /** Returns the share of requests that needed no computation, 0 to 1; 0 when there were none. */
  public double cacheHitRatio() {
    return requests == 0 ? 0 : (double) cacheHits / requests;
  }
}
