package io.vectorstream.local.sweep;

import io.vectorstream.reports.result.RunSummary;
import java.util.Optional;

/** The place of a sweep's runs, each on services without data. */
@FunctionalInterface
public interface Bench {

  /** Runs it; returns empty if the user asked to stop. */
  Optional<RunSummary> measure(SweepRun step) throws InterruptedException;
}
