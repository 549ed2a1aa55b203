package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Runs that differ in one thing each.
 *
 * @param schema the version of this format, 1
 * @param complete false when the sweep was stopped: what is there was measured, and the rest was
 *     not; null where the file does not say
 * @param workload the name of its workload; null where the file does not say
 * @param environment that of its runs
 * @param latencyTargetMs what a run's 99th percentile has to stay below
 * @param highestSustainedEps the highest rate in events per second that held; 0 when none did
 * @param runs in the order of their measurement, those of one axis together; a configuration that
 *     two axes share was measured once, and is there for each
 * @param targets what was asked of the sweep; empty where the file does not say
 */
public record SweepResult(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    Boolean complete,
    String workload,
    Environment environment,
    long latencyTargetMs,
    Double highestSustainedEps,
    List<Run> runs,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RunSummary.Target> targets)
    implements EnvironmentResult {

  public static final String RATE = "rate";

  public SweepResult {
    runs = Lists.of(runs);
    targets = Lists.of(targets);
  }

  /**
   * One run of the sweep.
   *
   * @param axis what differs: {@code rate}, {@code products}, {@code partitions}, {@code trigger}
   *     or {@code cores}
   * @param value in events per second, products, partitions, seconds, cores; earlier programs wrote
   *     some as a text
   * @param label the value for a reader; null where the file has none
   * @param held whether latency, losses and errors were as asked of every run and, where a rate was
   *     given, that rate was sustained after the run's warm-up
   */
  public record Run(String axis, Object value, String label, boolean held, RunSummary summary) {

    /** Gives the value as a number; empty where it is a text. */
    public OptionalDouble number() {
      return value instanceof Number number
          ? OptionalDouble.of(number.doubleValue())
          : OptionalDouble.empty();
    }

    /** Gives the events per second asked for, on the axis of the rate. */
    public double rate() {
      return number().orElse(summary.throughputEps().offered());
    }

    public String name() {
      return label == null ? Objects.toString(value) : label;
    }
  }

  /** Gives the same result with what was asked of it. */
  public SweepResult asked(RunSummary.Target target) {
    return new SweepResult(
        schema,
        startedAt,
        finishedAt,
        complete,
        workload,
        environment,
        latencyTargetMs,
        highestSustainedEps,
        runs,
        List.of(target));
  }

  /** Says whether the sweep was stopped before its end. */
  public boolean isPartial() {
    return Boolean.FALSE.equals(complete);
  }

  public List<String> axes() {
    return runs.stream().map(Run::axis).distinct().toList();
  }

  public List<Run> along(String axis) {
    return runs.stream().filter(run -> run.axis().equals(axis)).toList();
  }

  /** Gives the highest rate that held, in events per second; empty where none did. */
  public OptionalDouble highest() {
    return highestSustainedEps == null || highestSustainedEps == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(highestSustainedEps);
  }

  /** Finds the run at the highest rate that held. */
  public Optional<Run> best() {
    return along(RATE).stream().filter(Run::held).max(Comparator.comparingDouble(Run::rate));
  }

  /** Finds the lowest rate in events/s that was tried above the highest that held, and missed. */
  public OptionalDouble lowestMissed() {
    double held = highest().orElse(0);
    return along(RATE).stream()
        .filter(run -> !run.held())
        .mapToDouble(Run::rate)
        .filter(rate -> rate > held)
        .min();
  }

  @Override
  public ResultKind kind() {
    return ResultKind.SWEEP;
  }
}
