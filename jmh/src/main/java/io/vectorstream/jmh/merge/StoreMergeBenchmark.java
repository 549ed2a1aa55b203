package io.vectorstream.jmh.merge;

import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.jmh.GeneratedEvents;
import io.vectorstream.jmh.store.BenchmarkStore;
import io.vectorstream.jmh.store.RandomVectors;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Fence;
import io.vectorstream.stream.ProductMerger;
import io.vectorstream.stream.TaskSettings;
import io.vectorstream.stream.TextEmbedder;
import io.vectorstream.stream.UserMerger;
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

/**
 * The events whose sums one task merges into the store in a second: products or users are read,
 * changed and written back, 500 at a time. All of them are stored already, with embeddings.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@State(Scope.Benchmark)
public class StoreMergeBenchmark {

  private static final int EVENTS = 10_000;
  private static final int AT_ONCE = 500;

  private BenchmarkStore store;
  private Settings settings;
  private EmbeddingService embeddings;
  private List<ProductDelta> productDeltas;
  private List<UserDelta> userDeltas;
  private TextVectors productVectors;
  private long batches;

  @Setup
  public void fill() {
    float[] vector = RandomVectors.of(1, 1).get(0);
    store = new BenchmarkStore(RandomVectors.DIMENSION, ModelIdentity.named("all-MiniLM-L6-v2"));
    settings = store.settings();
    embeddings = EmbeddingService.shared(settings.embedding());
    Deltas deltas = new Deltas(settings.interest());
    GeneratedEvents.events(EVENTS).forEach(deltas::add);
    MadeUpEmbeddings.productTexts(deltas)
        .values()
        .forEach(text -> embeddings.remember(text, vector));
    MadeUpEmbeddings.ofQueries(deltas, vector).vectors().forEach(embeddings::remember);
    productVectors = MadeUpEmbeddings.ofProducts(deltas, vector);
    productDeltas = List.copyOf(deltas.products());
    userDeltas = List.copyOf(deltas.users());
    products();
    users();
  }

  @TearDown
  public void close() {
    embeddings.close();
    store.close();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long products() {
    ProductMerger merger =
        new ProductMerger(TaskSettings.of(settings), nextBatch(), Fence.NONE, embedder());
    Lists.partition(productDeltas, AT_ONCE).forEach(merger::merge);
    return batches;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long users() {
    UserMerger merger =
        new UserMerger(
            TaskSettings.of(settings), nextBatch(), Fence.NONE, productVectors, embedder());
    merger.merge(Lists.partition(userDeltas, AT_ONCE).iterator());
    return batches;
  }

  /** Returns a new name, because points with the name of the same batch are left alone. */
  private BatchMark nextBatch() {
    return new BatchMark("benchmark", ++batches, "0");
  }

  private TextEmbedder embedder() {
    return new TextEmbedder(
        embeddings, settings.stream().embeddingTime(), nanos -> {}, textsLeft -> {});
  }
}
