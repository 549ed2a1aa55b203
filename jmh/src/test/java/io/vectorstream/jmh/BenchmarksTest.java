package io.vectorstream.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.jmh.embedding.EmbeddingBenchmark;
import java.util.Collection;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {

  /** Runs in this JVM, short and cold: the figures mean nothing, but none may be missing. */
  @Test
  void every_group_runs_and_gives_figures() throws RunnerException {
    Options once =
        new OptionsBuilder()
            .exclude(EmbeddingBenchmark.class.getName())
            .forks(0)
            .mode(Mode.SingleShotTime)
            .warmupIterations(0)
            .measurementIterations(1)
            .param("products", "200")
            .param("held", "20000")
            .param("batch", "16")
            .param("tokens", "8")
            .param("vectors", "true")
            .param("filter", "category")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();

    Collection<RunResult> results = new Runner(once).run();

    assertThat(results)
        .allSatisfy(
            result ->
                assertThat(result.getPrimaryResult().getScore())
                    .as(result.getParams().getBenchmark())
                    .isPositive());
    assertThat(
            results.stream()
                .map(result -> result.getParams().getBenchmark())
                .map(name -> name.replaceFirst("io\\.vectorstream\\.jmh\\.\\w+\\.", ""))
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(
            "GenerationBenchmark.event",
            "ParsingBenchmark.spark",
            "ParsingBenchmark.strict",
            "ParsingBenchmark.mapped",
            "ParsingBenchmark.decoded",
            "ParsingBenchmark.sparkMapped",
            "TokenizingBenchmark.tokenize",
            "ModelBenchmark.embed",
            "VectorCacheBenchmark.hit",
            "VectorCacheBenchmark.miss",
            "VectorCacheBenchmark.evict",
            "PointBuildingBenchmark.events",
            "EventStoreBenchmark.upsert",
            "EventStoreBenchmark.lookUpNew",
            "EventStoreBenchmark.lookUpKnown",
            "SearchBenchmark.search",
            "DeltaBenchmark.add",
            "DeltaBenchmark.users",
            "StoreMergeBenchmark.products",
            "StoreMergeBenchmark.users",
            "MicroBatchBenchmark.batch");
  }
}
