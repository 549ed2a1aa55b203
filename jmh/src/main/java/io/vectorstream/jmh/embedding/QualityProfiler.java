package io.vectorstream.jmh.embedding;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** A profiler that adds the quality of vectors, if a benchmark reports one, to JMH's results. */
public final class QualityProfiler implements InternalProfiler {
  static final String COSINE = "cosine";
  static final String OVERLAP = "overlap@10";

  private static volatile VectorQuality quality;

  /** Records the quality to add to the trial's results, in the process of the trial. */
  static void report(VectorQuality measured) {
    quality = measured;
  }

  @Override
  public String getDescription() {
    return "how near the vectors of an embedding benchmark are to those in fp32";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    // The quality is known before the first iteration.
  }

  @Override
  public Collection<? extends Result> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    VectorQuality measured = quality;
    return measured == null
        ? List.of()
        : List.of(
            new ScalarResult(COSINE, measured.meanCosine(), "", AggregationPolicy.AVG),
            new ScalarResult(OVERLAP, measured.overlapAt10(), "", AggregationPolicy.AVG));
  }
}
