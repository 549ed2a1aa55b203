package io.vectorstream.reports.page;

import io.vectorstream.reports.result.JmhRun.Benchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The names of benchmarks within a chart: only the parts that distinguish them. */
final class ShortNames {
  private ShortNames() {}

  /** Returns names in the order of the benchmarks. */
  static List<String> of(List<Benchmark> benchmarks) {
    boolean oneMethod = benchmarks.stream().map(Benchmark::method).distinct().count() == 1;
    return benchmarks.stream().map(each -> name(each, benchmarks, oneMethod)).toList();
  }

  private static String name(Benchmark benchmark, List<Benchmark> all, boolean oneMethod) {
    List<String> parts = new ArrayList<>();
    if (!oneMethod) {
      parts.add(benchmark.method());
    }
    benchmark.params().entrySet().stream()
        .filter(
            param ->
                all.stream()
                    .anyMatch(
                        other ->
                            !Objects.equals(other.params().get(param.getKey()), param.getValue())))
        .map(param -> param.getKey() + " " + param.getValue())
        .forEach(parts::add);
    return parts.isEmpty() ? benchmark.name() : String.join(", ", parts);
  }
}
