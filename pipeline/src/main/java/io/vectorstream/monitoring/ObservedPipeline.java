package io.vectorstream.monitoring;

import java.util.Optional;

/** The health and the status of the pipeline that runs, or is about to run, in this process. */
public interface ObservedPipeline {

  Health health();

  /** Returns the status; empty as long as it has not started. */
  Optional<PipelineStatus> status();
}
