package io.vectorstream.jmh.generation;

import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.jmh.GeneratedEvents;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The events that one thread generates in a second: shoppers and JSON, without a sink. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class GenerationBenchmark {

  @Param({"2000", "100000"})
  private int products;

  private EventStream stream;
  private Instant due;

  @Setup
  public void open() {
    stream = GeneratedEvents.stream(products);
    due = Instant.parse("2026-01-01T00:00:00Z");
  }

  @Benchmark
  public GeneratedRecord event() {
    due = due.plusNanos(50_000);
    return stream.next(due);
  }
}
