package io.vectorstream.local.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vectorstream.embedding.EngineInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The result of a run, its speed, and whether it met the targets. As JSON it is the run summary
 * that {@code reports/} reads: the names of the components in snake case.
 *
 * @param schema the version of this format, 1
 * @param workload the name of the workload file; null when there was none
 * @param latencyCurve the same latencies as {@code latencyMs}, from the median to the slowest
 * @param resources the resources of the process under load and until the end of its processing: a
 *     sample every half minute, at most 120, which a longer run spreads out evenly
 * @param targets the targets of the run; it succeeded when all are met
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
    List<CurvePoint> latencyCurve,
    Embedding embedding,
    Memory memoryMb,
    List<ResourceSample> resources,
    List<Batch> batches,
    List<Target> targets) {

  public static final int SCHEMA = 1;

  /**
   * @param services {@code embedded}, {@code containers} or {@code external}
   * @param embedding the engine that computed the embeddings
   * @param versions of the components, by name
   */
  public record Environment(
      String cpu,
      int cores,
      long memoryMb,
      String jvm,
      String os,
      String spark,
      String services,
      EngineInfo embedding,
      Map<String, String> versions) {}

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
   * @param sustained by {@link SustainedRate}, over the whole run; in a run too short for that, the
   *     same as {@code withDrain}
   * @param bestBatch the highest of all batches, each over its own duration: the pipeline's rate
   *     while it is working
   * @param sustainedAfterWarmup by {@link SustainedRate}, over the batches that started after the
   *     warm-up; 0 when there were none
   * @param warmupS the warm-up in seconds from the first record sent; its events are part of
   *     everything else here
   * @param withDrain all records, over the time from the first one sent to the last commit: it
   *     includes the waiting for the first trigger and for the last batch, in which nothing is sent
   */
  public record Throughput(
      double offered,
      double sustained,
      double bestBatch,
      double sustainedAfterWarmup,
      double warmupS,
      double withDrain) {}

  /**
   * From an event's own timestamp to the store's acknowledgement, in milliseconds. That timestamp
   * is when the event was due, so the waiting behind a delayed sender counts. For an event that was
   * sent late on purpose, that lateness counts, too.
   */
  public record Latency(long p50, long p95, long p99, long max) {}

  /**
   * @param percentile 50 to 100
   * @param ms that share of the events took this long or less
   */
  public record CurvePoint(double percentile, long ms) {}

  /**
   * @param texts embedded in this run
   * @param textsPerSecond of the time spent embedding
   * @param cacheHitRatio the share of the texts asked for that needed no embedding, 0 to 1
   */
  public record Embedding(long texts, double textsPerSecond, double cacheHitRatio) {}

  /**
   * @param peakRss the most memory that the whole process used at any time, its native parts
   *     included
   */
  public record Memory(long peakRss) {}

  /**
   * The resources of the process in the time since the sample before: the medians of that time, and
   * the checkpoint at its end.
   *
   * @param seconds from the start of the load to the end of this sample's time
   * @param rssMb memory in use, the native parts included
   * @param heapMb the heap after the last collection
   * @param threads live ones
   * @param fileHandles open files and sockets; null on systems that do not report it
   * @param checkpointFiles files of the checkpoint; null where it is not on this machine's disk
   * @param checkpointKb their bytes
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ResourceSample(
      long seconds,
      long rssMb,
      long heapMb,
      long threads,
      Long fileHandles,
      Long checkpointFiles,
      Long checkpointKb) {}

  /** One micro-batch. */
  public record Batch(long id, Instant startedAt, long durationMs, long events, Phases phasesMs) {}

  /** The time of a batch by phase, in milliseconds. */
  public record Phases(long parse, long embed, long store) {}

  /** One target of the run, in words and numbers for a reader. */
  public record Target(String name, String target, String actual, boolean met) {}

  /** Returns whether every target is met. */
  public boolean succeeded() {
    return targets.stream().allMatch(Target::met);
  }

  /**
   * Returns whether a rate held: late events, losses and errors are within the targets of every
   * run, and after the warm-up the rate was sustained.
   *
   * @param rate that was offered; a rate that was to be found has no target
   */
  public boolean holds(Rate rate) {
    return targets.stream()
            .filter(target -> Targets.OF_A_HELD_RATE.contains(target.name()))
            .allMatch(Target::met)
        && (rate.isMax() || throughputEps.sustainedAfterWarmup() >= Load.leastRate(rate));
  }

  /** Returns this summary as indented JSON, without a line break at the end. */
  public String toJson() {
    return ResultJson.write(this);
  }
}
