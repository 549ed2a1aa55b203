package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Point;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.GpuResult;
import io.vectorstream.reports.result.GpuResult.EmbeddingRow;
import io.vectorstream.reports.result.GpuResult.SparkRow;
import io.vectorstream.reports.result.ResultKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** The section with the CPU beside a GPU. */
final class GpuSection {
  private static final String NOT_RUN = "not run";

  private GpuSection() {}

  static Section of(Report report) {
    List<Block> blocks = new ArrayList<>();
    List<Named<GpuResult>> results = report.all(GpuResult.class);
    if (results.isEmpty()) {
      blocks.add(
          Block.text(
              "Not run: none of the files is of the "
                  + ResultKind.GPU.words()
                  + ", which needs an NVIDIA GPU."));
    }
    for (int i = 0; i < results.size(); i++) {
      add("gpu-" + i, results.get(i), blocks);
    }
    return new Section(
        "gpu",
        "CPU beside GPU",
        "The same texts embedded on both, and the same records through Spark with and without"
            + " RAPIDS.",
        blocks);
  }

  private static void add(String id, Named<GpuResult> named, List<Block> blocks) {
    GpuResult result = named.result();
    String where =
        result.machine().inWords()
            + (result.gpu() == null
                ? "; no GPU, so that its half was not run."
                : "; %s, driver %s.".formatted(result.gpu().name(), result.gpu().driver()));
    List<Integer> lengths =
        result.embedding().stream().map(EmbeddingRow::tokens).distinct().sorted().toList();
    if (lengths.isEmpty()) {
      blocks.add(Block.text(where + " Embedding: not run."));
    } else {
      blocks.add(embedding(id, where, result, lengths));
    }
    if (!result.spark().isEmpty()) {
      blocks.add(spark(result));
    }
  }

  private static Block embedding(String id, String where, GpuResult result, List<Integer> lengths) {
    Table.Builder table =
        Table.of(
            "Texts embedded in a second, in the best batch size of each",
            Column.text("Tokens of a text"),
            Column.number("CPU, texts/s"),
            Column.text("CPU with"),
            Column.number("GPU, texts/s"),
            Column.text("GPU with"),
            Column.number("Speed-up"));
    List<Point> cpu = new ArrayList<>();
    List<Point> gpu = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      int tokens = lengths.get(i);
      Optional<EmbeddingRow> onCpu = best(result, tokens, row -> !row.isOnGpu());
      Optional<EmbeddingRow> onGpu = best(result, tokens, EmbeddingRow::isOnGpu);
      int index = i;
      onCpu.ifPresent(row -> cpu.add(Point.of(index, row.textsPerSecond())));
      onGpu.ifPresent(row -> gpu.add(Point.of(index, row.textsPerSecond())));
      table.row(
          Integer.toString(tokens),
          onCpu.map(row -> Formats.number(row.textsPerSecond())).orElse(NOT_RUN),
          onCpu.map(GpuSection::way).orElse(""),
          onGpu.map(row -> Formats.number(row.textsPerSecond())).orElse(NOT_RUN),
          onGpu.map(GpuSection::way).orElse(why(result)),
          onCpu.isPresent() && onGpu.isPresent()
              ? Formats.ratio(onGpu.get().textsPerSecond() / onCpu.get().textsPerSecond())
              : NOT_RUN);
    }
    Chart chart =
        Chart.of(
            id,
            "Texts embedded in a second on the CPU and on the GPU, by length",
            Axis.categories(
                "tokens of a text",
                lengths.stream().map(tokens -> Integer.toString(tokens)).toList()),
            Axis.log("texts/s", Format.NUMBER),
            List.of(Series.points("CPU", cpu), Series.points("GPU", gpu)));
    return new Block("Embedding", where, chart, table.build(), false);
  }

  private static Optional<EmbeddingRow> best(
      GpuResult result, int tokens, Predicate<EmbeddingRow> where) {
    return result.embedding().stream()
        .filter(row -> row.tokens() == tokens && row.textsPerSecond() != null)
        .filter(where)
        .max(Comparator.comparingDouble(EmbeddingRow::textsPerSecond));
  }

  private static String way(EmbeddingRow row) {
    return "%s %s, batches of %d".formatted(row.engine(), row.precision(), row.batchSize());
  }

  private static String why(GpuResult result) {
    return result.embedding().stream()
        .filter(EmbeddingRow::isOnGpu)
        .map(EmbeddingRow::skipped)
        .filter(reason -> reason != null)
        .findFirst()
        .orElse("");
  }

  private static Block spark(GpuResult result) {
    Table.Builder table =
        Table.of(
            "Records parsed and checked by Spark in a second",
            Column.text("Spark"),
            Column.number("Records/s"),
            Column.text("Runs, s"));
    for (SparkRow row : result.spark()) {
      table.row(
          row.rapids() ? "with RAPIDS on the GPU" : "alone, on the CPU",
          row.recordsPerSecond() == null ? NOT_RUN : Formats.number(row.recordsPerSecond()),
          row.skipped() != null
              ? row.skipped()
              : String.join(", ", row.secondsOfRuns().stream().map(Formats::number).toList()));
    }
    OptionalDouble with = rate(result, true);
    OptionalDouble without = rate(result, false);
    String speedUp =
        with.isPresent() && without.isPresent()
            ? "Speed-up with RAPIDS: %s."
                .formatted(Formats.ratio(with.getAsDouble() / without.getAsDouble()))
            : "Speed-up with RAPIDS: not run.";
    return Block.table("Spark", speedUp, table.build());
  }

  private static OptionalDouble rate(GpuResult result, boolean rapids) {
    return result.spark().stream()
        .filter(row -> row.rapids() == rapids && row.recordsPerSecond() != null)
        .mapToDouble(SparkRow::recordsPerSecond)
        .findFirst();
  }
}
