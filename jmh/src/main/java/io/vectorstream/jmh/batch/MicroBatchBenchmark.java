package io.vectorstream.jmh.batch;

import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import java.time.Instant;
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
 * The rate at which a whole micro-batch takes events from Kafka into the store, in events a second,
 * on all cores, with broker and store in the same process. The products are known, as in a shop
 * that has run for a while. The measurement ends when Spark has committed the batch.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 2,
    // As ./vectorstream runs the pipeline.
    jvmArgs = {"-Xmx2g", "-Xmn1200m", "-XX:+UseTransparentHugePages", "-XX:+UseParallelGC"})
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 4, time = 3)
@State(Scope.Benchmark)
public class MicroBatchBenchmark {

  private static final int EVENTS = 50_000;

  /** The products of the catalogue, which are embedded first. */
  @Param("1000")
  private int products;

  private ReadyPipeline pipeline;
  private EventStream stream;

  @Setup
  public void start() {
    pipeline = ReadyPipeline.start(products);
    stream = pipeline.events();
  }

  /** Sends new events, not duplicates, in an open transaction, unseen by the pipeline. */
  @Setup(Level.Invocation)
  public void send() {
    List<GeneratedRecord> records = new ArrayList<>(EVENTS);
    Instant now = Instant.now();
    for (int i = 0; i < EVENTS; i++) {
      records.add(stream.next(now));
    }
    pipeline.send(records);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long batch() throws InterruptedException {
    return pipeline.takeAll();
  }

  @TearDown
  public void stop() {
    pipeline.close();
  }
}
