package io.vectorstream.local.sweep;

import io.vectorstream.reports.result.RunSummary;
import java.util.Optional;

/** Where the runs of a sweep take place, each on services that hold nothing. */
@FunctionalInterface
public interface Bench {

  /** Empty when somebody asked to stop. */
  Optional<RunSummary> measure(Step step) throws InterruptedException;
}
