package io.vectorstream.command;

import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.PipelineStatus;
import io.vectorstream.monitoring.RunningPipeline;
import java.time.Instant;
import java.util.Optional;

/** A pipeline that can be asked for its status while it starts, which takes some seconds. */
final class AwaitedPipeline implements RunningPipeline {

  private final Health starting = new Health(Health.State.STARTING, Instant.now(), "", 0);
  private volatile RunningPipeline started;

  void set(RunningPipeline pipeline) {
    started = pipeline;
  }

  @Override
  public Health health() {
    RunningPipeline pipeline = started;
    return pipeline == null ? starting : pipeline.health();
  }

  @Override
  public Optional<PipelineStatus> status() {
    RunningPipeline pipeline = started;
    return pipeline == null ? Optional.empty() : pipeline.status();
  }
}
