package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The naive version and the improvement by each idea, step by step.
 *
 * @param events of each iteration
 */
public record Ladder(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    Environment environment,
    long events,
    List<Step> steps)
    implements Result {

  public Ladder {
    steps = Lists.of(steps);
  }

  /**
   * @param what the difference from the step before
   */
  public record Step(
      String name,
      String what,
      Rates eventsPerSecond,
      double ratioToFirst,
      double ratioToPrevious) {}

  /** The rates of all iterations. */
  public record Rates(double median, double lowest, double highest, List<Double> iterations) {
    public Rates {
      iterations = Lists.of(iterations);
    }
  }

  @Override
  public Kind kind() {
    return Kind.LADDER;
  }

  @Override
  public Optional<Machine> measuredOn() {
    return Optional.of(environment.machine());
  }

  @Override
  public Optional<Instant> measuredAt() {
    return Optional.of(startedAt);
  }

  @Override
  public Map<String, String> software() {
    return environment.allVersions();
  }
}
