package io.vectorstream.reports.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results of JMH in its own format. */
public record JmhRun(List<Benchmark> benchmarks) implements Result {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public JmhRun {
    benchmarks = Lists.of(benchmarks);
  }

  /**
   * @param benchmark the method with its class and package
   * @param mode {@code thrpt}, {@code avgt}, {@code sample} or {@code ss}
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  public record Benchmark(
      String benchmark,
      String mode,
      int threads,
      int forks,
      int measurementIterations,
      String jmhVersion,
      String jdkVersion,
      String vmName,
      Map<String, String> params,
      Metric primaryMetric,
      Map<String, Metric> secondaryMetrics) {

    public Benchmark {
      params = params == null ? Map.of() : params;
      secondaryMetrics = secondaryMetrics == null ? Map.of() : secondaryMetrics;
    }

    /** Returns the class without its package: {@code EmbeddingBenchmark}. */
    public String group() {
      String type = benchmark.substring(0, Math.max(0, benchmark.lastIndexOf('.')));
      return type.substring(type.lastIndexOf('.') + 1);
    }

    /** Returns {@code embed, program=fp32, texts=generated}. */
    public String name() {
      return params.isEmpty()
          ? method()
          : method()
              + ", "
              + params.entrySet().stream()
                  .map(each -> each.getKey() + "=" + each.getValue())
                  .collect(Collectors.joining(", "));
    }

    public String method() {
      return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    public boolean higherIsBetter() {
      return mode.equals("thrpt");
    }
  }

  /**
   * @param scoreError half the width of the 99.9 % confidence interval; NaN where there were too
   *     few iterations
   * @param rawData the score of each iteration, by fork; empty where the file has none
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  public record Metric(
      double score, double scoreError, String scoreUnit, List<List<Double>> rawData) {

    public Metric {
      rawData = Lists.of(rawData);
    }

    /** Returns the mean of each fork. */
    public List<Double> forks() {
      return rawData.stream()
          .filter(fork -> !fork.isEmpty())
          .map(fork -> fork.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
          .toList();
    }
  }

  @Override
  public ResultKind kind() {
    return ResultKind.JMH;
  }

  @Override
  public Optional<Machine> measuredOn() {
    return Optional.empty();
  }

  @Override
  public Optional<Instant> measuredAt() {
    return Optional.empty();
  }

  @Override
  public Map<String, String> software() {
    Map<String, String> versions = new LinkedHashMap<>();
    for (Benchmark each : benchmarks) {
      versions.put("JMH", each.jmhVersion());
      versions.put("Java of the benchmarks", each.vmName() + " " + each.jdkVersion());
    }
    versions.values().removeIf(version -> version == null || version.contains("null"));
    return versions;
  }
}
