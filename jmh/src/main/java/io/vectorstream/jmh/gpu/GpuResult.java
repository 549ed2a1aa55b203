package io.vectorstream.jmh.gpu;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.vectorstream.local.run.Machine;
import java.util.List;
import java.util.Map;

/**
 * The result file of {@link GpuBenchmark}.
 *
 * @param finishedAt null while the benchmark runs, and in the file of one that was interrupted
 * @param gpu null where there is none
 * @param versions of the libraries, by name
 */
record GpuResult(
    int schema,
    @JsonProperty("started_at") String startedAt,
    @JsonProperty("finished_at") String finishedAt,
    Machine machine,
    Gpu gpu,
    Map<String, String> versions,
    List<EmbeddingRow> embedding,
    List<SparkRow> spark) {

  /** The GPU as {@code nvidia-smi} describes it; unknown values are null. */
  record Gpu(
      String name,
      String driver,
      @JsonProperty("memory_mb") String memoryMb,
      @JsonProperty("compute_capability") String computeCapability) {}

  /**
   * Texts of one length, embedded with one configuration.
   *
   * @param tokens of each text
   * @param textsPerSecond null where it could not be measured, which {@code skipped} explains
   */
  record EmbeddingRow(
      String engine,
      String device,
      String precision,
      @JsonProperty("batch_size") int batchSize,
      int tokens,
      long texts,
      double seconds,
      @JsonProperty("texts_per_second") Double textsPerSecond,
      String skipped) {}

  /**
   * Kafka records parsed, validated and brought to their tasks by Spark.
   *
   * @param rapids whether with the RAPIDS Accelerator
   * @param recordsPerSecond the median of the runs; null where it could not be measured, which
   *     {@code skipped} explains
   */
  record SparkRow(
      boolean rapids,
      int records,
      @JsonProperty("seconds_of_runs") List<Double> secondsOfRuns,
      @JsonProperty("records_per_second") Double recordsPerSecond,
      String skipped) {}
}
