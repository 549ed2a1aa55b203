package io.vectorstream.jmh.embedding;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The product texts embedded in a second on the CPU, beside LangChain4j's class for the same
 * weights. Each figure has its quality beside it: the similarity of vectors to ours in fp32.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 1, time = 2)
@Measurement(iterations = 3, time = 2)
@State(Scope.Benchmark)
public class EmbeddingBenchmark {

  /** The number of texts in one invocation. */
  static final int TEXTS = 128;

  /**
   * The texts to embed. Real ones are not part of the project: {@code -p texts=generated,real} if a
   * file with them is given.
   */
  @Param(ProductTexts.GENERATED)
  private String texts;

  /**
   * {@code vectorstream-pytorch-fp32} and {@code vectorstream-pytorch-bf16} are possible, too; the
   * latter computes in fp32 where the processor has no bf16.
   */
  @Param({
    EmbeddingPrograms.PEER_FP32,
    EmbeddingPrograms.PEER_INT8,
    EmbeddingPrograms.FP32,
    EmbeddingPrograms.INT8
  })
  private String program;

  private EmbeddingProgram embedding;
  private List<String> measured;

  @Setup(Level.Trial)
  public void open() throws IOException {
    List<String> all = ProductTexts.named(texts);
    measured = evenly(all, TEXTS);
    List<float[]> expected;
    try (EmbeddingProgram reference = EmbeddingPrograms.open(EmbeddingPrograms.FP32)) {
      expected = reference.embed(all);
    }
    embedding = EmbeddingPrograms.open(program);
    QualityProfiler.report(VectorQuality.of(embedding.embed(all), expected));
  }

  @TearDown(Level.Trial)
  public void close() {
    embedding.close();
  }

  @Benchmark
  @OperationsPerInvocation(TEXTS)
  public List<float[]> embed() {
    return embedding.embed(measured);
  }

  private static List<String> evenly(List<String> all, int count) {
    List<String> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      some.add(all.get((int) ((long) i * all.size() / count)));
    }
    return some;
  }
}
