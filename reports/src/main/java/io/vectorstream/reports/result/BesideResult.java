package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The same load on the embedded services and on real ones, in runs that take turns.
 *
 * @param schema the version of this format, 1
 * @param complete false when it was stopped or failed: what is there was measured, and the rest was
 *     not
 * @param workload the name of the workload file that said what to send; null when none did
 * @param environment that of the first run
 * @param rounds asked for; in each, both kinds of services have a run
 * @param seed of the load, which is the same in all runs
 * @param runs in the order of their measurement
 */
public record BesideResult(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    boolean complete,
    String workload,
    Environment environment,
    int rounds,
    long seed,
    List<Run> runs)
    implements EnvironmentResult {

  public BesideResult {
    runs = Lists.of(runs);
  }

  /**
   * One run of the load.
   *
   * @param round from 1
   */
  public record Run(int round, RunSummary summary) {

    /** Says whether it ran on the embedded services; if not, on the real ones. */
    public boolean isEmbedded() {
      return "embedded".equals(summary.environment().services());
    }
  }

  /** Lists the runs on one kind of services. */
  public List<RunSummary> on(boolean embedded) {
    return runs.stream().filter(run -> run.isEmbedded() == embedded).map(Run::summary).toList();
  }

  /** Names a run as no other one of this result is named. */
  public String nameOf(Run run) {
    String services = run.isEmbedded() ? "embedded" : "real";
    return rounds == 1 ? services : "%s, round %d".formatted(services, run.round());
  }

  /** Says whether it ended before its time, or a run missed a target. */
  public boolean isIncompleteOrMissed() {
    return !complete || runs.stream().anyMatch(run -> run.summary().missedTarget());
  }

  /** Names the versions of all runs; one that is not the same in all of them has several. */
  @Override
  public Map<String, String> software() {
    Map<String, Set<String>> versions = new LinkedHashMap<>();
    for (Run run : runs) {
      run.summary()
          .software()
          .forEach(
              (name, version) ->
                  versions.computeIfAbsent(name, first -> new LinkedHashSet<>()).add(version));
    }
    Map<String, String> all = new LinkedHashMap<>();
    versions.forEach((name, each) -> all.put(name, String.join("; ", each)));
    return all;
  }

  @Override
  public ResultKind kind() {
    return ResultKind.BESIDE;
  }
}
