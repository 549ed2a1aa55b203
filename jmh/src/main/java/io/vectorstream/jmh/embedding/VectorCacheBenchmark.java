package io.vectorstream.jmh.embedding;

import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingService;
import java.io.IOException;
import java.util.ArrayList;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time that the embedding cache takes for a product's text, in nanoseconds, most of it for the
 * text's hash. The model computes nothing here.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@State(Scope.Benchmark)
public class VectorCacheBenchmark {

  private static final int ENTRIES = 10_000;

  /** The number of texts in a call that asks for many. */
  private static final int TEXTS = 64;

  private EmbeddingService service;
  private List<List<String>> known;
  private List<String> unknown;
  private List<String> beginnings;
  private float[] vector;
  private int next;
  private long newTexts;

  @Setup
  public void fill() throws IOException {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(), Map.of(), List.of("embedding.cache_entries=" + ENTRIES));
    service = EmbeddingService.open(settings.embedding());
    vector = new float[service.dimension()];
    beginnings = ProductTexts.named(ProductTexts.GENERATED);
    // Half of the cache, so that none of them is evicted.
    known = Lists.partition(texts("known", ENTRIES / 2 / TEXTS * TEXTS), TEXTS);
    unknown = texts("unknown", ENTRIES / 2);
    known.forEach(texts -> texts.forEach(text -> service.remember(text, vector)));
  }

  private List<String> texts(String ending, int count) {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(beginnings.get(i % beginnings.size()) + " " + ending + " " + i);
    }
    return texts;
  }

  @TearDown
  public void close() {
    service.close();
  }

  /** Asks for texts that are all in the cache, as a micro-batch does. */
  @Benchmark
  @OperationsPerInvocation(TEXTS)
  public List<float[]> hit() {
    next = (next + 1) % known.size();
    return service.embed(known.get(next));
  }

  /** Asks for a text that is not in the cache. */
  @Benchmark
  public Optional<float[]> miss() {
    next = (next + 1) % unknown.size();
    return service.cached(unknown.get(next));
  }

  /** Puts a new text into the full cache, which evicts another one. */
  @Benchmark
  public void evict() {
    next = (next + 1) % beginnings.size();
    service.remember(beginnings.get(next) + ++newTexts, vector);
  }
}
