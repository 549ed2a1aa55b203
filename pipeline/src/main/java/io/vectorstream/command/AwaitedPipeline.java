package io.vectorstream.command;

import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.monitoring.PipelineStatus;
import java.time.Instant;
import java.util.Optional;

/** A pipeline that can be asked for its status while it starts, which takes some seconds. */
final class AwaitedPipeline implements ObservedPipeline {

  private final Health starting = new Health(Health.State.STARTING, Instant.now(), "", 0);
  private volatile ObservedPipeline started;

  void set(ObservedPipeline pipeline) {
    started = pipeline;
  }

  @Override
  public Health health() {
    ObservedPipeline pipeline = started;
    return pipeline == null ? starting : pipeline.health();
  }

  @Override
  public Optional<PipelineStatus> status() {
    ObservedPipeline pipeline = started;
    return pipeline == null ? Optional.empty() : pipeline.status();
  }
}
