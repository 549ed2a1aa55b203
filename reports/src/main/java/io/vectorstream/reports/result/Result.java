package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What one program measured, as it wrote it to a file. */
public sealed interface Result
    permits RunSummary, Sweep, Ladder, JmhRun, GpuResult, Evaluation, SearchLoad {

  Kind kind();

  /** What it was measured on; empty where the file does not say. */
  Optional<Machine> measuredOn();

  /** When the measuring began; empty where the file does not say. */
  Optional<Instant> measuredAt();

  /** Of the software that was measured, by component. */
  Map<String, String> software();
}
