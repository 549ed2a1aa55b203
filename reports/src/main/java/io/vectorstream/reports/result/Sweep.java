package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Runs that differ in one parameter each.
 *
 * @param complete false where it was stopped before its end; null where the file does not say
 * @param latencyTargetMs the latency that p99 has to stay below for a run to hold
 * @param highestSustainedEps events/s; null where no rate held
 */
public record Sweep(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    Boolean complete,
    Environment environment,
    double latencyTargetMs,
    Double highestSustainedEps,
    List<Step> runs)
    implements Result {

  public static final String RATE = "rate";

  public Sweep {
    runs = Lists.of(runs);
    // A file has 0 there.
    if (highestSustainedEps != null && highestSustainedEps == 0) {
      highestSustainedEps = null;
    }
  }

  /**
   * @param axis the parameter that differs: {@code rate}, {@code products}, {@code partitions},
   *     {@code trigger} or {@code cores}
   * @param value a number or a text
   * @param held whether the latency target and all others were met
   */
  public record Step(String axis, Object value, String label, boolean held, RunSummary summary) {

    /** Returns the value as a number; empty where it is a text. */
    public OptionalDouble number() {
      return value instanceof Number number
          ? OptionalDouble.of(number.doubleValue())
          : OptionalDouble.empty();
    }

    /** Returns the requested events/s, on the axis of the rate. */
    double rate() {
      return number().orElse(summary.throughputEps().offered());
    }

    public String name() {
      return label == null ? Objects.toString(value) : label;
    }
  }

  /** Returns whether it was stopped before its end. */
  public boolean isPartial() {
    return Boolean.FALSE.equals(complete);
  }

  public List<String> axes() {
    return runs.stream().map(Step::axis).distinct().toList();
  }

  public List<Step> along(String axis) {
    return runs.stream().filter(step -> step.axis().equals(axis)).toList();
  }

  /** Returns the run at the highest rate that held. */
  public Optional<Step> best() {
    return along(RATE).stream().filter(Step::held).max(Comparator.comparingDouble(Step::rate));
  }

  /** Returns the lowest rate, in events/s, that missed above the highest sustained one. */
  public OptionalDouble lowestMissed() {
    double held = highestSustainedEps == null ? 0 : highestSustainedEps;
    return along(RATE).stream()
        .filter(step -> !step.held())
        .mapToDouble(Step::rate)
        .filter(rate -> rate > held)
        .min();
  }

  @Override
  public Kind kind() {
    return Kind.SWEEP;
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
