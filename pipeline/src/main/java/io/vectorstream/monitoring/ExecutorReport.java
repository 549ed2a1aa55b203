package io.vectorstream.monitoring;

import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.store.StoreCalls;
import java.io.Serializable;
import java.time.Instant;

/**
 * The report of an executor in a process of its own, about its work since its start.
 *
 * @param id Spark's number for it
 * @param engine the engine that computes its embeddings; null as long as no model is loaded there
 * @param modelsLoaded how often it loaded a model: normally once
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

  /** Returns whether its CPU replaces a GPU that fails. */
  public boolean hasFallenBack() {
    return engine != null && embedding.deviceFailures() > 0 && engine.device().equals("cpu");
  }
}
