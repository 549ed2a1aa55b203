package io.vectorstream.reports.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.reports.Fixtures;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairedComparisonTest {
  private static final double TOLERANCE = 0.05;

  @TempDir private Path folder;

  /** Files of JMH, each with one fork of one benchmark. */
  private List<ResultFile> jmh(String name, double... scores) throws IOException {
    Path files = Files.createDirectories(folder.resolve(name));
    for (int i = 0; i < scores.length; i++) {
      double score = scores[i];
      Path changed =
          Fixtures.<ArrayNode>changed(
              "jmh.json",
              files,
              benchmarks -> {
                ObjectNode metric = (ObjectNode) benchmarks.path(0).path("primaryMetric");
                metric.put("score", score);
                metric.putArray("rawData").addArray().add(score * 0.9).add(score * 1.1);
                while (benchmarks.size() > 1) {
                  benchmarks.remove(1);
                }
              });
      Files.move(changed, files.resolve("%02d.json".formatted(i)));
    }
    return ResultReader.read(List.of(files));
  }

  private List<ResultFile> runs(String name, String day, int count) throws IOException {
    Path files = Files.createDirectories(folder.resolve(name));
    for (int i = 0; i < count; i++) {
      String at = "2026-01-%sT00:%02d:00Z".formatted(day, i);
      Path changed =
          Fixtures.<ObjectNode>changed("demo.json", files, run -> run.put("started_at", at));
      Files.move(changed, files.resolve("%02d.json".formatted(i)));
    }
    return ResultReader.read(List.of(files));
  }

  @Test
  void forks_of_jmh_are_compared_pair_by_pair() throws IOException {
    PairedComparison paired =
        PairedComparison.of(
            jmh("old", 100, 200, 400, 101), jmh("new", 80, 158, 322, 81), TOLERANCE);

    PairedFigure figure = paired.figures().get(0);
    assertThat(paired.figures()).hasSize(1);
    assertThat(figure.name()).startsWith("embed, ");
    assertThat(figure.verdict()).isEqualTo(Verdict.REGRESSION);
    assertThat(figure.ratio().orElseThrow().ratio()).isBetween(0.79, 0.81);
    assertThat(paired.hasRegression()).isTrue();
    assertThat(paired.days().differ()).as("JMH does not say when").isFalse();
  }

  @Test
  void two_pairs_have_an_interval_and_are_not_judged() throws IOException {
    PairedFigure figure =
        PairedComparison.of(jmh("old", 100, 101), jmh("new", 50, 51), TOLERANCE).figures().get(0);

    assertThat(figure.ratio()).isPresent();
    assertThat(figure.verdict()).isEqualTo(Verdict.NOT_JUDGED);
  }

  @Test
  void what_one_side_has_more_often_has_no_pairs() throws IOException {
    PairedComparison paired =
        PairedComparison.of(jmh("old", 100, 101, 102), jmh("new", 50, 51), TOLERANCE);

    assertThat(paired.figures()).isEmpty();
    assertThat(paired.unpaired()).isEqualTo(1);
  }

  @Test
  void runs_of_other_days_are_compared_and_marked() throws IOException {
    PairedComparison paired =
        PairedComparison.of(runs("old", "01", 3), runs("new", "02", 3), TOLERANCE);

    assertThat(paired.figures()).isNotEmpty();
    assertThat(paired.hasRegression()).isFalse();
    assertThat(paired.days().warning().orElseThrow())
        .contains("before on 2026-01-01, now on 2026-01-02", "8 to 17 %");
    assertThat(Comparison.of(List.of(runs("a", "01", 1)), runs("b", "02", 1), 0.05).days().differ())
        .isTrue();
  }

  @Test
  void runs_of_one_day_are_not_marked() throws IOException {
    assertThat(
            PairedComparison.of(runs("old", "01", 2), runs("new", "01", 2), TOLERANCE)
                .days()
                .warning())
        .isEmpty();
  }
}
