package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.List;

/**
 * The summary of one run of the pipeline: its counts, its speed, and whether they met the targets.
 *
 * @param schema the version of this format, 1
 * @param workload the name of the workload file that said what to send; null when none did
 * @param latencyCurve the same latencies as {@code latencyMs}, from the median to the slowest;
 *     empty where it was not recorded
 * @param resources what the process held while the load was on and came through: a sample every
 *     half minute, at most 120, which a longer run spreads out evenly; empty where they were not
 *     recorded
 * @param targets what was asked of the run; it succeeded when all are met
 * @param fresh how soon clicks changed recommendations; null where that was not measured
 * @param searchable how soon what was sent could be found; null where that was not measured
 * @param searches those while the load was on; null where there were none
 * @param coldStart the run's start; null where it was not recorded
 * @param steady the run without its start; null where it was not recorded
 * @param late events that came to Kafka late, which the latencies above leave out; null where there
 *     were none, and in a file of a version whose latencies have them
 */
public record RunSummary(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    String workload,
    Environment environment,
    Events events,
    Throughput throughputEps,
    Latency latencyMs,
    List<Percentile> latencyCurve,
    Embedding embedding,
    Memory memoryMb,
    List<ResourceSample> resources,
    List<Batch> batches,
    List<Target> targets,
    @JsonInclude(JsonInclude.Include.NON_NULL) Fresh fresh,
    @JsonInclude(JsonInclude.Include.NON_NULL) Searchable searchable,
    @JsonInclude(JsonInclude.Include.NON_NULL) Searches searches,
    @JsonInclude(JsonInclude.Include.NON_NULL) ColdStart coldStart,
    @JsonInclude(JsonInclude.Include.NON_NULL) Steady steady,
    @JsonInclude(JsonInclude.Include.NON_NULL) Late late)
    implements EnvironmentResult {

  public RunSummary {
    latencyCurve = Lists.of(latencyCurve);
    resources = Lists.of(resources);
    batches = Lists.of(batches);
    targets = Lists.of(targets);
  }

  /**
   * Records of this run.
   *
   * @param sent delivered to Kafka
   * @param stored events in the store, by asking the store
   * @param deadLettered records in the dead-letter topic, by asking Kafka
   * @param duplicates records that the pipeline recognised as copies of an event it had
   * @param lost {@code sent - stored - deadLettered - duplicates}; anything but 0 is a fault
   */
  public record Events(long sent, long stored, long deadLettered, long duplicates, long lost) {}

  /**
   * Records per second.
   *
   * @param offered sent, over the time that the sending took
   * @param sustained what the pipeline kept up while the load was on, over the whole run; in a run
   *     too short for that, the same as {@code withDrain}
   * @param bestBatch the highest of all batches, each over its own duration: what the pipeline can
   *     do while it is working
   * @param sustainedAfterWarmup likewise, over the batches that started after the warm-up; 0 when
   *     there were none
   * @param warmupS the warm-up in seconds from the first record sent; its events are part of
   *     everything else here
   * @param withDrain all records, over the time from the first one sent to the last commit: the
   *     waiting for the first trigger and for the last batch, in which nothing is sent, included
   */
  public record Throughput(
      double offered,
      double sustained,
      double bestBatch,
      Double sustainedAfterWarmup,
      Double warmupS,
      Double withDrain) {

    boolean hasWarmUp() {
      return warmupS != null && warmupS > 0 && sustainedAfterWarmup != null;
    }
  }

  /**
   * Milliseconds from an event's own timestamp to the store's acknowledgement. That timestamp is
   * when the event was due, so what a stalled sender held up counts with the waiting. Events that
   * were sent late on purpose are {@link Late}.
   */
  public record Latency(long p50, long p95, long p99, long max) {}

  /**
   * A point of the latency curve.
   *
   * @param percentile 50 to 100
   * @param ms that share of the events took so long or less
   */
  public record Percentile(double percentile, long ms) {}

  /**
   * How soon clicks changed the answers of the API, while the load was on.
   *
   * @param clicks that were sent and watched, and those that Kafka did not take
   * @param unseen those that changed no answer within the patience of the measurement; they count
   *     with that time
   * @param targetMs the most that the 99th percentile was to be; null where nothing was asked
   * @param requestsPerSecond of others, beside the watching; those that were answered
   * @param latencyMs milliseconds from a click's own timestamp, which is when it was due, to the
   *     end of the first answer that it has changed
   * @param latencyCurve the same as a curve
   * @param requestMs milliseconds of the requests of others, from when each was due to its answer;
   *     those that failed have none
   * @param failedRequests of others, that were answered with an error, or not at all; null in a
   *     file of a version that took them for answered
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Fresh(
      long clicks,
      long unseen,
      Long targetMs,
      double requestsPerSecond,
      Latency latencyMs,
      List<Percentile> latencyCurve,
      Latency requestMs,
      Long failedRequests) {

    public Fresh {
      latencyCurve = Lists.of(latencyCurve);
    }
  }

  /**
   * What was embedded in this run.
   *
   * @param textsPerSecond of the time spent embedding
   * @param cacheHitRatio the share of the texts asked for that needed no embedding, 0 to 1
   */
  public record Embedding(long texts, double textsPerSecond, double cacheHitRatio) {}

  /**
   * Memory in MB.
   *
   * @param peakRss the most that the whole process held at any time, its native parts included
   */
  public record Memory(long peakRss) {}

  /**
   * What the process held in the time since the sample before: the medians of that time, and the
   * checkpoint as it was at its end.
   *
   * @param seconds from the start of the load to the end of this sample's time
   * @param rssMb memory in use, the native parts included
   * @param heapMb what the last collection left on the heap
   * @param threads live ones; null where they were not recorded
   * @param fileHandles open files and sockets; null on systems that do not tell
   * @param checkpointFiles files of the checkpoint; null where it is not on this machine's disk
   * @param checkpointKb their bytes
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ResourceSample(
      long seconds,
      long rssMb,
      long heapMb,
      Long threads,
      Long fileHandles,
      Long checkpointFiles,
      Long checkpointKb) {}

  /** One micro-batch. */
  public record Batch(long id, Instant startedAt, long durationMs, long events, Phases phasesMs) {

    /** Gives the events per second while the batch worked. */
    public double rate() {
      return 1000.0 * events / Math.max(1, durationMs);
    }

    /** Gives the milliseconds that no phase accounts for. */
    public long otherMs() {
      return Math.max(0, durationMs - phasesMs.parse() - phasesMs.embed() - phasesMs.store());
    }
  }

  /** The parts of a batch's time, in milliseconds. */
  public record Phases(long parse, long embed, long store) {}

  /**
   * The start of a run, which is cold.
   *
   * @param pipelineMs how long the pipeline took to start, Spark and the model included, before the
   *     first record was due
   * @param firstStoredMs from the time that the first record was due to the store's first
   *     acknowledgement; null when nothing was stored
   * @param steadyMs from the same time until the pipeline kept up and what had waited was
   *     processed; null when it did not come to that while the load was on
   */
  public record ColdStart(long pipelineMs, Long firstStoredMs, Long steadyMs) {}

  /**
   * The steady state of a run, while the load was on, without warm-up.
   *
   * @param batches that started in it
   * @param seconds from the start of the first of them to that of the last
   * @param sustained records per second; null with fewer than two batches
   * @param events whose latencies were measured; not those of the first batch, which may have
   *     waited for the cold start
   * @param latencyMs of these; null when there were none
   */
  public record Steady(
      int batches,
      double seconds,
      Double sustained,
      long events,
      @JsonSetter(nulls = Nulls.SET) Latency latencyMs) {}

  /** Events that came to Kafka more than two seconds after their own timestamp, and were stored. */
  public record Late(long events, Latency latencyMs) {}

  /**
   * One thing asked of the run, in words and numbers for a reader.
   *
   * @param met null when it was not measured, because the run was too short for it
   */
  public record Target(String name, String target, String actual, Boolean met) {

    private static final String NOT_MEASURED = "not measured: ";

    /** Gives a target that was neither met nor missed, because the run was too short for it. */
    public static Target notMeasured(String name, String target, String why) {
      return new Target(name, target, NOT_MEASURED + why, null);
    }

    public boolean isMet() {
      return Boolean.TRUE.equals(met);
    }

    public boolean isMissed() {
      return Boolean.FALSE.equals(met);
    }
  }

  /** Picks the batches that had something to do, those of the warm-up left out. */
  public List<Batch> measuredBatches() {
    Instant from =
        throughputEps.hasWarmUp()
            ? startedAt.plusMillis(Math.round(1000 * throughputEps.warmupS()))
            : startedAt;
    return batches.stream()
        .filter(batch -> batch.events() > 0 && !batch.startedAt().isBefore(from))
        .toList();
  }

  /** Says whether every target was measured, and is met. */
  public boolean metAllTargets() {
    return targets.stream().allMatch(Target::isMet);
  }

  /** Says whether a target is missed; one that was not measured is not. */
  public boolean missedTarget() {
    return targets.stream().anyMatch(Target::isMissed);
  }

  /** Gives the rate that counts: after the warm-up, where the run had one; else when steady. */
  public double sustained() {
    if (!throughputEps.hasWarmUp() && steady != null && steady.sustained() != null) {
      return steady.sustained();
    }
    return throughputEps.hasWarmUp() && throughputEps.sustainedAfterWarmup() > 0
        ? throughputEps.sustainedAfterWarmup()
        : throughputEps.sustained();
  }

  @Override
  public ResultKind kind() {
    return ResultKind.RUN;
  }
}
