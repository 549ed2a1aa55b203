package io.vectorstream.jmh.merge;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.jmh.GeneratedEvents;
import io.vectorstream.jmh.store.RandomVectors;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The rate at which one thread merges events, in events a second, without the store: a batch is
 * added up, and its sums are added to the users.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@State(Scope.Benchmark)
public class DeltaBenchmark {

  private static final int EVENTS = 10_000;
  private static final String MARK = "benchmark:0:0";

  private final Settings.Interest settings = SettingsLoader.defaults().interest();
  private final Decay decay = new Decay(settings.halfLife());
  private List<ShopEvent> events;
  private List<UserDelta> users;
  private TextVectors products;
  private TextVectors queries;

  @Setup
  public void generate() {
    events = GeneratedEvents.events(EVENTS);
    Deltas deltas = add();
    users = List.copyOf(deltas.users());
    products = MadeUpEmbeddings.ofProducts(deltas, RandomVectors.of(1, 1).get(0));
    queries = MadeUpEmbeddings.ofQueries(deltas, RandomVectors.of(1, 2).get(0));
  }

  /** Adds up the effects of the events on products, users and minutes. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public Deltas add() {
    Deltas deltas = new Deltas(settings);
    events.forEach(deltas::add);
    return deltas;
  }

  /** Adds the sums to the users: counts, last products, and the vector of their interest. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void users(Blackhole states) {
    for (UserDelta delta : users) {
      states.consume(
          UserState.unknown(delta.userId())
              .plus(delta, products, queries, decay, settings.lastProducts(), MARK));
    }
  }
}
