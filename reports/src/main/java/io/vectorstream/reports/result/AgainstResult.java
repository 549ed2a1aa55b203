package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.List;

/**
 * The same load on two builds of the program, in runs that take turns.
 *
 * @param schema the version of this format, 1
 * @param complete false when it was stopped or failed: what is there was measured, and the rest was
 *     not
 * @param workload the name of the workload file that said what to send; null when none did
 * @param environment that of the first run of this build
 * @param other the other build, as it was given, and its commit where that is known
 * @param pairs asked for; in each, both builds have a run
 * @param seed of the load, which is the same in all runs
 * @param runs in the order of their measurement
 */
public record AgainstResult(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    boolean complete,
    String workload,
    Environment environment,
    String other,
    int pairs,
    long seed,
    List<Run> runs)
    implements EnvironmentResult {

  /** The build that does the comparing. */
  public static final String THIS = "this";

  public static final String OTHER = "other";

  public AgainstResult {
    runs = Lists.of(runs);
  }

  /**
   * One run of the load.
   *
   * @param pair from 1
   * @param build {@link #THIS} or {@link #OTHER}
   */
  public record Run(int pair, String build, RunSummary summary) {}

  /** Lists the runs of one build. */
  public List<RunSummary> of(String build) {
    return runs.stream().filter(run -> run.build().equals(build)).map(Run::summary).toList();
  }

  /** Says whether it ended before its time, or a run of this build missed a target. */
  public boolean isIncompleteOrMissed() {
    return !complete || of(THIS).stream().anyMatch(RunSummary::missedTarget);
  }

  @Override
  public ResultKind kind() {
    return ResultKind.AGAINST;
  }
}
