package io.vectorstream.jmh.embedding;

import com.google.common.collect.Lists;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.PlainModel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The product texts tokenized in a second, as many a call as in one batch of the model. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@State(Scope.Benchmark)
public class TokenizingBenchmark {

  private static final int TEXTS = 16;

  private PlainModel model;
  private List<List<String>> calls;
  private int next;

  @Setup
  public void open() throws IOException {
    model = PlainModel.open(SettingsLoader.defaults().embedding());
    List<String> texts = ProductTexts.named(ProductTexts.GENERATED);
    calls = Lists.partition(texts.subList(0, texts.size() / TEXTS * TEXTS), TEXTS);
  }

  @TearDown
  public void close() {
    model.close();
  }

  @Benchmark
  @OperationsPerInvocation(TEXTS)
  public List<long[]> tokenize() {
    next = (next + 1) % calls.size();
    return model.tokenize(calls.get(next));
  }
}
