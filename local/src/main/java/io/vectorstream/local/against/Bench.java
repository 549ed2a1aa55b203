package io.vectorstream.local.against;

import io.vectorstream.reports.result.RunSummary;
import java.util.Optional;

/** The place of the runs, each on services without data. */
@FunctionalInterface
public interface Bench {

  /**
   * Runs the load; returns empty if the user asked to stop.
   *
   * @param build {@link io.vectorstream.reports.result.AgainstResult#THIS} or {@code OTHER}
   * @param run its number, from 1
   */
  Optional<RunSummary> measure(String build, int run) throws InterruptedException;
}
