package io.vectorstream.local.sweep;

import io.vectorstream.local.run.ResultJson;
import io.vectorstream.local.run.RunSummary;
import java.time.Instant;
import java.util.List;

/**
 * The result of a sweep. As JSON it is what {@code reports/} reads: the names of the components in
 * snake case.
 *
 * @param schema the version of this format, 1
 * @param kind {@code sweep}, which distinguishes it from a run summary
 * @param complete false when it was stopped: only a part was measured
 * @param workload the name of its workload
 * @param environment that of its runs
 * @param latencyTargetMs the limit of a run's 99th percentile
 * @param highestSustainedEps the highest rate in events per second that held; 0 when none did
 * @param runs in the order of their measurement, those of one axis together; a configuration that
 *     two axes share was measured once, and is there for each
 */
public record SweepResult(
    int schema,
    String kind,
    Instant startedAt,
    Instant finishedAt,
    boolean complete,
    String workload,
    RunSummary.Environment environment,
    long latencyTargetMs,
    double highestSustainedEps,
    List<Run> runs) {

  static final int SCHEMA = 1;
  static final String KIND = "sweep";

  /**
   * @param axis {@code rate}, {@code products}, {@code partitions}, {@code trigger} or {@code
   *     cores}
   * @param value in events per second, products, partitions, seconds, cores
   * @param label the value for a reader
   * @param held whether latency, losses and errors met the targets of every run and, where a rate
   *     was given, that rate was sustained after the run's warm-up
   */
  public record Run(String axis, double value, String label, boolean held, RunSummary summary) {}

  /** Returns indented JSON, without a line break at the end. */
  public String toJson() {
    return ResultJson.write(this);
  }
}
