package io.vectorstream.jmh.embedding;

import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.PlainModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The texts that the model alone embeds in a second on all cores, by engine and precision, by the
 * texts in a batch, and by their tokens, which all texts have alike. Without tokenizing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
public class ModelBenchmark {

  /** The number of texts in one invocation, in as many calls as needed. */
  private static final int TEXTS = 64;

  /** The engine and the precision; {@code pytorch-fp32} is possible, too. */
  @Param({"onnxruntime-fp32", "onnxruntime-int8"})
  private String model;

  /** The number of texts in a batch, at most {@value #TEXTS}. */
  @Param({"1", "16"})
  private int batch;

  /** The number of tokens in each text, special ones included; from 3 to 512. */
  @Param({"32", "128"})
  private int tokens;

  private PlainModel plain;
  private List<List<long[]>> batches;

  @Setup
  public void open() {
    String[] way = model.split("-");
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of(
                "embedding.engine=" + way[0],
                "embedding.precision=" + way[1],
                "embedding.device=cpu",
                "embedding.max_tokens=512"));
    plain = PlainModel.open(settings.embedding());
    batches =
        Lists.partition(plain.tokenize(new TextsOfLength().next(TEXTS, tokens)), batch).stream()
            .map(List::copyOf)
            .toList();
  }

  @TearDown
  public void close() {
    plain.close();
  }

  @Benchmark
  @OperationsPerInvocation(TEXTS)
  public void embed(Blackhole vectors) {
    for (List<long[]> texts : batches) {
      vectors.consume(plain.embed(texts));
    }
  }
}
