package io.vectorstream.jmh.embedding;

import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/** The comparison of embedding programs: speed, also against the peer's in fp32, and quality. */
public final class EmbeddingTable {
  private static final String ROW = "%-10s %-26s %8s %8s %8s %7s %8s %11s%n";

  private EmbeddingTable() {}

  /** Prints the results that {@link EmbeddingBenchmark} has measured; nothing if there are none. */
  public static void print(Collection<RunResult> all, PrintStream out) {
    String benchmark = EmbeddingBenchmark.class.getName() + ".embed";
    List<RunResult> results =
        all.stream().filter(row -> row.getParams().getBenchmark().equals(benchmark)).toList();
    if (results.isEmpty()) {
      return;
    }
    out.printf(
        "%nProduct texts embedded on the CPU, %d cores. The median of all iterations, the lowest"
            + " and the highest; how many times the peer's in fp32; mean cosine and overlap of the"
            + " ten nearest with vectorstream in fp32.%n%n",
        Runtime.getRuntime().availableProcessors());
    out.printf(
        ROW, "texts", "program", "texts/s", "lowest", "highest", "x peer", "cosine", "overlap@10");
    Map<String, List<RunResult>> byTexts =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.getParams().getParam("texts"),
                    LinkedHashMap::new,
                    Collectors.toList()));
    byTexts.forEach((texts, rows) -> print(texts, rows, out));
  }

  private static void print(String texts, List<RunResult> rows, PrintStream out) {
    OptionalDouble peer =
        rows.stream()
            .filter(row -> program(row).equals(EmbeddingPrograms.PEER_FP32))
            .mapToDouble(row -> speed(row).getPercentile(50))
            .findFirst();
    for (RunResult row : rows) {
      Statistics speed = speed(row);
      double median = speed.getPercentile(50);
      out.printf(
          ROW,
          texts,
          program(row),
          number(median, 1),
          number(speed.getMin(), 1),
          number(speed.getMax(), 1),
          peer.isPresent() ? number(median / peer.getAsDouble(), 2) : "-",
          secondary(row, QualityProfiler.COSINE, 5),
          secondary(row, QualityProfiler.OVERLAP, 3));
    }
  }

  private static String program(RunResult row) {
    return row.getParams().getParam("program");
  }

  private static Statistics speed(RunResult row) {
    return row.getPrimaryResult().getStatistics();
  }

  private static String secondary(RunResult row, String name, int digits) {
    Result<?> result = row.getSecondaryResults().get(name);
    return result == null ? "-" : number(result.getScore(), digits);
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
