package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Chart.Axis;
import io.vectorstream.reports.page.Chart.Format;
import io.vectorstream.reports.page.Chart.Point;
import io.vectorstream.reports.page.Chart.Series;
import io.vectorstream.reports.page.Report.Named;
import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.EvaluationResult;
import io.vectorstream.reports.result.EvaluationResult.Estimate;
import io.vectorstream.reports.result.EvaluationResult.Line;
import io.vectorstream.reports.result.JmhRun;
import io.vectorstream.reports.result.JmhRun.Benchmark;
import io.vectorstream.reports.result.JmhRun.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The sections about the quality of the answers beside their speed. */
final class QualitySections {
  /** The name that the embedding benchmark gives it among JMH's secondary metrics. */
  private static final String COSINE = "cosine";

  private static final String OVERLAP = "overlap@10";

  private QualitySections() {}

  static Optional<Section> quality(Report report) {
    List<Block> blocks = new ArrayList<>();
    List<Benchmark> embedding =
        report.all(JmhRun.class).stream()
            .flatMap(named -> named.result().benchmarks().stream())
            .filter(each -> metric(each, COSINE) != null && metric(each, OVERLAP) != null)
            .toList();
    if (!embedding.isEmpty()) {
      blocks.add(embedding(embedding));
    }
    List<Named<EvaluationResult>> evaluations = report.all(EvaluationResult.class);
    for (int i = 0; i < evaluations.size(); i++) {
      blocks.add(recommendations("evaluation-" + i, evaluations.get(i)));
    }
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "quality",
                "Quality beside speed",
                "Faster is only better where the answers stay as good.",
                blocks));
  }

  /** Returns a metric the profiler reported; some versions of JMH put a dot before its name. */
  private static Metric metric(Benchmark benchmark, String name) {
    Metric plain = benchmark.secondaryMetrics().get(name);
    return plain == null ? benchmark.secondaryMetrics().get("·" + name) : plain;
  }

  private static Block embedding(List<Benchmark> benchmarks) {
    Table.Builder table =
        Table.of(
            "Embedding: speed, and nearness to the same model in fp32",
            Column.text("Program"),
            Column.number("Texts/s"),
            Column.number("Cosine"),
            Column.number("Overlap of the nearest 10"));
    List<Series> series = new ArrayList<>();
    List<String> names = ShortNames.of(benchmarks);
    for (int i = 0; i < benchmarks.size(); i++) {
      Benchmark each = benchmarks.get(i);
      double overlap = metric(each, OVERLAP).score();
      series.add(
          Series.points(
              names.get(i), List.of(Point.of(each.primaryMetric().score(), 100 * overlap))));
      table.row(
          each.name(),
          Formats.number(each.primaryMetric().score()),
          Formats.fraction(metric(each, COSINE).score()),
          Formats.percent(overlap));
    }
    Chart chart =
        Chart.of(
            "embedding-quality",
            "Overlap of the nearest ten with those in fp32 against texts per second",
            Axis.linear(benchmarks.get(0).primaryMetric().scoreUnit() + " (texts)", Format.NUMBER),
            Axis.linear("overlap of the nearest 10", Format.PERCENT),
            series);
    return new Block(
        "Embeddings",
        "Further to the right is faster, further up is nearer to the full precision: of the ten"
            + " nearest texts of each text, how many are the same as in fp32.",
        chart,
        table.build(),
        true);
  }

  private static Block recommendations(String id, Named<EvaluationResult> named) {
    EvaluationResult result = named.result();
    List<Line> lines = result.lines();
    Table.Builder table =
        Table.of(
            "Recommendations, 95 % confidence",
            Column.text("Recommended by"),
            Column.number("Hit rate"),
            Column.number("nDCG"),
            Column.number("Hit rate, new"),
            Column.number("MRR"),
            Column.number("Coverage"),
            Column.number("Novelty"));
    for (Line line : lines) {
      table.row(
          line.inWords(),
          text(line.hitRate()),
          text(line.ndcg()),
          text(line.newHitRate()),
          text(line.reciprocalRank()),
          Formats.percent(line.coverage()),
          line.novelty() == null ? "–" : Formats.fraction(line.novelty().mean()) + " bit");
    }
    Chart chart =
        Chart.of(
                id,
                "Hit rate and nDCG with their 95 % confidence intervals",
                Axis.categories("recommended by", lines.stream().map(Line::inWords).toList()),
                Axis.linear("mean over users", Format.NUMBER),
                List.of(
                    series("hit rate", lines, Line::hitRate), series("nDCG", lines, Line::ndcg)))
            .horizontal();
    return Block.chart(
        "Recommendations: " + named.name(),
        ("%s users of %s were recommended %d of %s products each. Held out: %s. Hit rate: users"
                + " with anything in the list that they then turned to%s. nDCG: the same, where what"
                + " is higher in the list counts more; MRR: one by the rank of the first such"
                + " product. Coverage: products recommended to anybody. Novelty: how few users know"
                + " what is recommended. Seed %d.")
            .formatted(
                Formats.count(result.usersAsked()),
                Boolean.FALSE.equals(result.simulated())
                    ? "the log " + result.catalog()
                    : "a simulated shop",
                result.listLength(),
                Formats.count(result.products()),
                result.heldOut() == null ? "the last session of each user" : result.heldOut(),
                Boolean.FALSE.equals(result.seenAgain()) ? " for the first time" : "",
                result.seed()),
        chart,
        table.build());
  }

  private static Series series(String name, List<Line> lines, Function<Line, Estimate> estimate) {
    return Series.points(
        name,
        IntStream.range(0, lines.size())
            .filter(i -> estimate.apply(lines.get(i)) != null)
            .mapToObj(
                i -> {
                  Estimate value = estimate.apply(lines.get(i));
                  return new Point(
                      i,
                      value.mean(),
                      value.mean() - value.margin(),
                      value.mean() + value.margin(),
                      null);
                })
            .toList());
  }

  private static String text(Estimate estimate) {
    return estimate == null
        ? "–"
        : Formats.fraction(estimate.mean()) + " ± " + Formats.fraction(estimate.margin());
  }
}
