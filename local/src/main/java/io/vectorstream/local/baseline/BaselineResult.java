package io.vectorstream.local.baseline;

import io.vectorstream.local.run.ResultJson;
import io.vectorstream.local.run.RunSummary.Environment;
import java.time.Instant;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * What was measured, step by step.
 *
 * @param schema the version of this format, 1
 * @param kind {@code baseline}: what the file is, among other results
 * @param environment what it ran on; of the embedding, how the first step computes
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
   * @param what in one sentence, what it does that the one before it does not
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
   * Events per second.
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

  /** To a tenth, or a hundredth: more digits would mean nothing. */
  static double rounded(double value, long parts) {
    return (double) Math.round(value * parts) / parts;
  }

  /** This result as indented JSON, without a line break at the end. */
  public String toJson() {
    return ResultJson.write(this);
  }
}
