package io.vectorstream.jmh.store;

import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.jmh.GeneratedEvents;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.VectorStore;
import java.util.Collections;
import java.util.List;
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

/** The events that one thread turns into points in a second: requests of 500, ready to be sent. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@State(Scope.Benchmark)
public class PointBuildingBenchmark {

  private static final int EVENTS = 500;
  private static final int CALLS = 20;

  /** True if each point carries an embedding, as with the setting {@code events.vectors}. */
  @Param({"false", "true"})
  private boolean vectors;

  private Settings.Qdrant settings;
  private EventCollection events;
  private List<List<ShopEvent>> calls;
  private List<float[]> embeddings;
  private int next;

  @Setup
  public void generate() {
    settings = SettingsLoader.defaults().qdrant();
    // Nothing is sent, so no server is needed.
    events = new EventCollection(settings);
    calls = Lists.partition(GeneratedEvents.events(CALLS * EVENTS), EVENTS);
    embeddings = vectors ? Collections.nCopies(EVENTS, RandomVectors.of(1, 1).get(0)) : null;
  }

  @TearDown
  public void close() {
    VectorStore.closeShared(settings);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public byte[] events() {
    next = (next + 1) % CALLS;
    return events.upsert(calls.get(next), embeddings, "benchmark:0:0");
  }
}
