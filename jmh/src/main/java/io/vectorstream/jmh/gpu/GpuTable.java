package io.vectorstream.jmh.gpu;

import io.vectorstream.reports.result.GpuResult;
import io.vectorstream.reports.result.GpuResult.EmbeddingRow;
import io.vectorstream.reports.result.GpuResult.SparkRow;
import java.io.PrintWriter;

/** The result as a table for readers. */
final class GpuTable {
  private GpuTable() {}

  static void print(GpuResult result, PrintWriter out) {
    out.printf(
        "%n%s, %d cores%s%n%n",
        result.machine().cpu(),
        result.machine().cores(),
        result.gpu() == null
            ? ""
            : "; %s, driver %s".formatted(result.gpu().name(), result.gpu().driver()));
    String row = "%-12s %-6s %-9s %6s %7s %12s%n";
    out.printf(row, "engine", "device", "precision", "batch", "tokens", "texts/s");
    for (EmbeddingRow figure : result.embedding()) {
      out.printf(
          row,
          figure.engine(),
          figure.device(),
          figure.precision(),
          figure.batchSize(),
          figure.tokens(),
          figure.textsPerSecond() == null ? "-" : "%,.1f".formatted(figure.textsPerSecond()));
    }
    if (!result.spark().isEmpty()) {
      out.printf("%n%-12s %12s%n", "Spark", "records/s");
    }
    for (SparkRow figure : result.spark()) {
      out.printf(
          "%-12s %12s%n",
          figure.rapids() ? "with RAPIDS" : "alone",
          figure.recordsPerSecond() == null ? "-" : "%,.0f".formatted(figure.recordsPerSecond()));
    }
    result.embedding().stream()
        .filter(figure -> figure.skipped() != null)
        .map(
            figure ->
                "%s %s %s was skipped: %s"
                    .formatted(
                        figure.engine(), figure.device(), figure.precision(), figure.skipped()))
        .distinct()
        .forEach(out::println);
    result.spark().stream()
        .filter(figure -> figure.skipped() != null)
        .forEach(figure -> out.println("Spark was skipped: " + figure.skipped()));
    out.flush();
  }
}
