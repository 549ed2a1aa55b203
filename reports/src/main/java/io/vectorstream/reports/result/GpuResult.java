package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Embedding on the CPU and on a GPU, and Spark with and without RAPIDS.
 *
 * @param finishedAt null while the benchmark runs, and in the file of one that was cut off
 * @param gpu null where there was none
 * @param versions of the libraries, by name
 */
public record GpuResult(
    int schema,
    Instant startedAt,
    Instant finishedAt,
    Machine machine,
    Gpu gpu,
    Map<String, String> versions,
    List<EmbeddingRow> embedding,
    List<SparkRow> spark)
    implements Result {

  public GpuResult {
    versions = versions == null ? Map.of() : versions;
    embedding = Lists.of(embedding);
    spark = Lists.of(spark);
  }

  /** A GPU as {@code nvidia-smi} names it; what it does not say is null. */
  public record Gpu(String name, String driver, String memoryMb, String computeCapability) {}

  /**
   * Texts of one length, embedded with one engine in one way.
   *
   * @param tokens of each text
   * @param textsPerSecond null where it could not be measured, for the reason {@code skipped}
   */
  public record EmbeddingRow(
      String engine,
      String device,
      String precision,
      int batchSize,
      int tokens,
      long texts,
      double seconds,
      Double textsPerSecond,
      String skipped) {

    public boolean isOnGpu() {
      return "gpu".equals(device);
    }
  }

  /**
   * Kafka records parsed, validated and brought to their tasks by Spark.
   *
   * @param rapids whether with the RAPIDS Accelerator
   * @param secondsOfRuns empty where it could not be measured, for the reason {@code skipped}
   * @param recordsPerSecond the median of the runs; null where it could not be measured
   */
  public record SparkRow(
      boolean rapids,
      int records,
      List<Double> secondsOfRuns,
      Double recordsPerSecond,
      String skipped) {
    public SparkRow {
      secondsOfRuns = Lists.of(secondsOfRuns);
    }
  }

  @Override
  public ResultKind kind() {
    return ResultKind.GPU;
  }

  @Override
  public Optional<Machine> measuredOn() {
    return Optional.of(machine);
  }

  @Override
  public Optional<Instant> measuredAt() {
    return Optional.of(startedAt);
  }

  @Override
  public Map<String, String> software() {
    Map<String, String> all = new LinkedHashMap<>(versions);
    if (gpu != null) {
      all.put("GPU", gpu.name());
      all.put("GPU driver", gpu.driver());
    }
    all.values().removeIf(Objects::isNull);
    return all;
  }
}
