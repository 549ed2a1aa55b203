package io.vectorstream.monitoring;

import java.util.Optional;

/** The pipeline that runs, or is about to run, in this process. */
public interface RunningPipeline {

  Health health();

  /** Returns the status; empty as long as it has not started. */
  Optional<PipelineStatus> status();
}
