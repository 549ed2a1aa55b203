package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The measurements of one program, as it wrote them to a file. */
public sealed interface Result
    permits RunSummary, Sweep, Ladder, JmhRun, GpuResult, Evaluation, SearchLoad {

  Kind kind();

  /** Returns the machine of the measurement; empty where the file does not say. */
  Optional<Machine> measuredOn();

  /** Returns when the measurement began; empty where the file does not say. */
  Optional<Instant> measuredAt();

  /** Returns the versions of the software that was measured, by component. */
  Map<String, String> software();
}
