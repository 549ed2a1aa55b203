package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.List;

/**
 * The naive version and the improvement by each idea, step by step.
 *
 * @param schema the version of this format, 1
 * @param environment what it ran on; of the embedding, how the first step computes
 * @param events that each step stored in each round
 */
public record Ladder(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    Environment environment,
    long events,
    List<Step> steps)
    implements EnvironmentResult {

  public Ladder {
    steps = Lists.of(steps);
  }

  /**
   * One step of the ladder.
   *
   * @param what in one sentence, what it does that the one before it does not
   * @param ratioToFirst of the medians
   * @param ratioToPrevious likewise; 1 for the first
   */
  public record Step(
      String name,
      String what,
      Rates eventsPerSecond,
      double ratioToFirst,
      double ratioToPrevious) {}

  /**
   * Events per second.
   *
   * @param iterations round by round
   */
  public record Rates(double median, double lowest, double highest, List<Double> iterations) {
    public Rates {
      iterations = Lists.of(iterations);
    }
  }

  @Override
  public ResultKind kind() {
    return ResultKind.LADDER;
  }
}
