package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The summary of one run of the pipeline, as {@code demo} and {@code validate} write it.
 *
 * @param workload the name of the workload; null where it has none
 * @param latencyCurve by rising percentile; empty where it was not recorded
 * @param resources a sample every half minute; empty where they were not recorded
 */
public record RunSummary(
    int schema,
    String workload,
    Instant startedAt,
    Instant finishedAt,
    Environment environment,
    Events events,
    Throughput throughputEps,
    Latency latencyMs,
    List<Percentile> latencyCurve,
    Embedding embedding,
    Memory memoryMb,
    List<Sample> resources,
    List<Batch> batches,
    List<Target> targets)
    implements Result {

  public RunSummary {
    latencyCurve = Lists.of(latencyCurve);
    resources = Lists.of(resources);
    batches = Lists.of(batches);
    targets = Lists.of(targets);
  }

  public record Events(long sent, long stored, long deadLettered, long duplicates, long lost) {}

  /**
   * Rates in events/s.
   *
   * @param sustainedAfterWarmup 0 where nothing came after the warm-up
   * @param warmupS in seconds
   */
  public record Throughput(
      double offered,
      double sustained,
      double bestBatch,
      Double sustainedAfterWarmup,
      Double warmupS) {

    boolean hasWarmUp() {
      return warmupS != null && warmupS > 0 && sustainedAfterWarmup != null;
    }
  }

  /** Latencies of the events, in milliseconds. */
  public record Latency(long p50, long p95, long p99, long max) {}

  /**
   * @param percentile 0 to 100
   */
  public record Percentile(double percentile, double ms) {}

  public record Embedding(long texts, double textsPerSecond, double cacheHitRatio) {}

  public record Memory(long peakRss) {}

  /**
   * @param threads null where they were not recorded
   * @param fileHandles likewise
   */
  public record Sample(long seconds, long rssMb, long heapMb, Long threads, Long fileHandles) {}

  public record Batch(long id, Instant startedAt, long durationMs, long events, Phases phasesMs) {

    /** Returns events/s while it worked. */
    public double rate() {
      return 1000.0 * events / Math.max(1, durationMs);
    }

    /** Returns the milliseconds that no phase accounts for. */
    public long otherMs() {
      return Math.max(0, durationMs - phasesMs.parse() - phasesMs.embed() - phasesMs.store());
    }
  }

  public record Phases(long parse, long embed, long store) {}

  public record Target(String name, String target, String actual, boolean met) {}

  /** Returns the batches that had events, without those of the warm-up. */
  public List<Batch> measuredBatches() {
    Instant from =
        throughputEps.hasWarmUp()
            ? startedAt.plusMillis(Math.round(1000 * throughputEps.warmupS()))
            : startedAt;
    return batches.stream()
        .filter(batch -> batch.events() > 0 && !batch.startedAt().isBefore(from))
        .toList();
  }

  public boolean metAllTargets() {
    return targets.stream().allMatch(Target::met);
  }

  /** Returns the rate that counts: after the warm-up, where the run had one. */
  public double sustained() {
    return throughputEps.hasWarmUp() && throughputEps.sustainedAfterWarmup() > 0
        ? throughputEps.sustainedAfterWarmup()
        : throughputEps.sustained();
  }

  @Override
  public Kind kind() {
    return Kind.RUN;
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
