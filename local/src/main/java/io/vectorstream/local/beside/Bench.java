package io.vectorstream.local.beside;

import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.reports.result.RunSummary;
import java.time.Duration;
import java.util.Optional;

/** The place of the runs, each on services without data. */
public interface Bench {

  /** Runs the load on the embedded services for that long, for the JVM to compile. */
  Optional<RunSummary> warmUp(Duration duration) throws InterruptedException;

  /** Runs the load; returns empty if the user asked to stop. */
  Optional<RunSummary> measure(ServicesKind services) throws InterruptedException;
}
