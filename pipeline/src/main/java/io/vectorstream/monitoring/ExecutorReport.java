package io.vectorstream.monitoring;

import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.store.StoreCalls;
import java.io.Serializable;
import java.time.Instant;

/**
 * What an executor, a process of its own, has done since it began.
 *
 * @param id Spark's number for it
 * @param engine what computes its embeddings; null as long as no model is loaded there
 * @param modelsLoaded how often it loaded a model: once, if all is well
 */
public record ExecutorReport(
    String id,
    String host,
    Instant at,
    EngineInfo engine,
    int modelsLoaded,
    EmbeddingStats embedding,
    StoreCalls storeCalls,
    BoundedInterests boundedInterests)
    implements Serializable {

  /** Whether its CPU stands in for a GPU that fails. */
  public boolean hasFallenBack() {
    return engine != null && embedding.deviceFailures() > 0 && engine.device().equals("cpu");
  }
}
