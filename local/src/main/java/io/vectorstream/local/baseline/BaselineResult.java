package io.vectorstream.local.baseline;

import io.vectorstream.local.run.ResultJson;
import io.vectorstream.local.run.RunSummary.Environment;
import java.time.Instant;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * The result of the measurement, step by step.
 *
 * @param schema the version of this format, 1
 * @param kind {@code baseline}: the kind of the file, among other results
 * @param environment of the measurement; for the embedding, that of the first step
 * @param events that each step stored in each round
 */
public record BaselineResult(
    int schema,
    String kind,
    Instant startedAt,
    Instant finishedAt,
    Environment environment,
    int events,
    List<Line> steps) {

  static final int SCHEMA = 1;
  static final String KIND = "baseline";

  /**
   * One step of the ladder.
   *
   * @param what one sentence about the difference from the step before
   * @param ratioToFirst of the medians
   * @param ratioToPrevious likewise; 1 for the first
   */
  public record Line(
      String name,
      String what,
      Speed eventsPerSecond,
      double ratioToFirst,
      double ratioToPrevious) {}

  /**
   * The speed in events per second.
   *
   * @param iterations round by round
   */
  public record Speed(double median, double lowest, double highest, List<Double> iterations) {

    static Speed of(List<Double> iterations) {
      double[] all = iterations.stream().mapToDouble(Double::doubleValue).toArray();
      return new Speed(
          rounded(new Median().evaluate(all), 10),
          rounded(iterations.stream().min(Double::compare).orElseThrow(), 10),
          rounded(iterations.stream().max(Double::compare).orElseThrow(), 10),
          iterations.stream().map(value -> rounded(value, 10)).toList());
    }
  }

  /** Rounds to a tenth, or a hundredth: more digits would have no meaning. */
  static double rounded(double value, long parts) {
    return (double) Math.round(value * parts) / parts;
  }

  /** Returns this result as indented JSON, without a line break at the end. */
  public String toJson() {
    return ResultJson.write(this);
  }
}
