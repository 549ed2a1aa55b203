package io.vectorstream.jmh.store;

import io.qdrant.client.PointIdFactory;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import io.vectorstream.store.EventCollection;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;
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
 * The rates at which events are stored, and looked up to recognise duplicates, in events a second.
 * Both as one task of the pipeline does it: 2,000 events a call, 4 calls under way, client and
 * embedded server in one process.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class EventStoreBenchmark {

  private static final int EVENTS = 20_000;
  private static final int USERS = 10_000;
  private static final int PRODUCTS = 2_000;
  private static final String BATCH = "benchmark/0";

  /** Looks up new ids: the pipeline's cost for nearly every event. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int lookUpNew(Store store) {
    return store.lookUp(store.unknown);
  }

  /** Looks up ids that are all in the store, as for a topic that is read from the start again. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int lookUpKnown(Store store) {
    return store.lookUp(store.known);
  }

  /** Stores new events, to compare with the look-ups. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int upsert(Store store) {
    return store.store(store.unknown);
  }

  /** An embedded store, events in it, and events that are not. */
  @State(Scope.Benchmark)
  public static class Store {

    /** The number of events in it; {@code -p held=1000000} takes some time to fill. */
    @Param("100000")
    private int held;

    private BenchmarkStore store;
    private Settings.Qdrant settings;
    private EventCollection events;
    private List<List<ShopEvent>> known;
    private List<List<ShopEvent>> unknown;
    private long nextKnown;
    private boolean wasStored;

    @Setup
    public void open() {
      if (held < EVENTS) {
        throw new IllegalArgumentException("held is " + held + ", expected " + EVENTS + " or more");
      }
      store = new BenchmarkStore(RandomVectors.DIMENSION, ModelIdentity.named("none"));
      settings = store.settings().qdrant();
      events = new EventCollection(settings);
      for (long number = 0; number < held; number += EVENTS) {
        store(chunks(number, settings.upsertBatch()));
      }
      unknown = chunks(held + EVENTS, settings.upsertBatch());
      wasStored = false;
    }

    /** Chooses other events each time, so that they do not stay in a cache. */
    @Setup(Level.Invocation)
    public void choose() {
      known = chunks(nextKnown, settings.upsertBatch());
      nextKnown = nextKnown + 2 * EVENTS <= held ? nextKnown + EVENTS : 0;
    }

    /** Deletes the new events, so that the store holds as many after each measurement. */
    @TearDown(Level.Invocation)
    public void forget() {
      if (wasStored) {
        for (List<ShopEvent> chunk : unknown) {
          store
              .connection()
              .ask(
                  client ->
                      client.deleteAsync(
                          settings.collections().events(),
                          chunk.stream()
                              .map(e -> PointIdFactory.id(UUID.fromString(e.eventId())))
                              .toList()));
        }
        wasStored = false;
      }
    }

    @TearDown
    public void close() {
      store.close();
    }

    int lookUp(List<List<ShopEvent>> chunks) {
      return inFlight(chunks, events::originsOf);
    }

    int store(List<List<ShopEvent>> chunks) {
      wasStored = true;
      return inFlight(chunks, chunk -> events.store(chunk, null, BATCH));
    }

    private int inFlight(
        List<List<ShopEvent>> chunks, Function<List<ShopEvent>, CompletableFuture<?>> call) {
      Deque<CompletableFuture<?>> calls = new ArrayDeque<>();
      for (List<ShopEvent> chunk : chunks) {
        if (calls.size() == settings.upsertsInFlight()) {
          events.await(calls.remove());
        }
        calls.add(call.apply(chunk));
      }
      int answered = chunks.size();
      while (!calls.isEmpty()) {
        events.await(calls.remove());
      }
      return answered;
    }
  }

  private static List<List<ShopEvent>> chunks(long firstNumber, int size) {
    List<List<ShopEvent>> chunks = new ArrayList<>();
    for (long from = firstNumber; from < firstNumber + EVENTS; from += size) {
      chunks.add(
          LongStream.range(from, Math.min(from + size, firstNumber + EVENTS))
              .mapToObj(EventStoreBenchmark::event)
              .toList());
    }
    return chunks;
  }

  /** Returns the event with a number, always the same, its id spread like a random one. */
  private static ShopEvent event(long number) {
    Instant time = Instant.ofEpochMilli(1_767_225_600_000L + number);
    long micros = time.toEpochMilli() * 1000;
    long spread = number * 0x9E3779B97F4A7C15L;
    String product = "product-" + Math.floorMod(spread, PRODUCTS);
    return new ShopEvent(
        (int) (number % 4),
        number / 4,
        micros,
        new UUID(spread, Long.reverse(spread) ^ number).toString(),
        time.toString(),
        micros,
        "user-" + Math.floorMod(spread >> 7, USERS),
        EventType.VIEW,
        "session-" + number / 8,
        new Product(
            product, "Waterproof Hiking Boots", "Made to last in any weather", "Footwear", 83.99),
        null,
        null,
        null,
        12.5,
        null);
  }
}
