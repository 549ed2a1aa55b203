package io.vectorstream.jmh.event;

import io.vectorstream.event.EventParser;
import io.vectorstream.event.EventRow;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.jmh.GeneratedEvents;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
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

/** The records parsed into events in a second, with every rule of the event format checked. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Measurement(iterations = 4, time = 1)
public class ParsingBenchmark {

  private static final int RECORDS = 50_000;
  private static final StructType RECORD =
      StructType.fromDDL(
          "key binary, value binary, partition int, offset bigint, timestamp timestamp");

  /** Records in Spark's memory, as a micro-batch has them when they are read from Kafka. */
  @State(Scope.Benchmark)
  public static class InSpark {
    private SparkSession spark;
    private Dataset<Row> prepared;

    @Setup
    public void open() {
      spark =
          SparkSession.builder()
              .master("local[*]")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.session.timeZone", "UTC")
              .getOrCreate();
      int tasks = spark.sparkContext().defaultParallelism();
      prepared =
          EventParser.prepare(spark.createDataFrame(rows(), RECORD).repartition(tasks))
              .localCheckpoint();
    }

    private static List<Row> rows() {
      List<Row> rows = new ArrayList<>(RECORDS);
      Timestamp time = Timestamp.from(Instant.parse("2026-01-01T00:00:00Z"));
      for (GeneratedRecord record : GeneratedEvents.records(RECORDS)) {
        byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
        rows.add(RowFactory.create(key, record.value(), 0, (long) rows.size(), time));
      }
      return rows;
    }

    @TearDown
    public void close() {
      spark.stop();
    }
  }

  /** The same bytes without Spark. */
  @State(Scope.Thread)
  public static class RecordBytes {
    private List<GeneratedRecord> records;
    private int next;

    @Setup
    public void generate() {
      records = GeneratedEvents.records(RECORDS);
    }
  }

  /** Parses as the pipeline does, on all cores: Spark's parser, the strict one if in doubt. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  @Warmup(iterations = 5, time = 1)
  public long spark(InSpark records) {
    long events =
        EventRow.rdd(EventParser.parse(records.prepared, EventParser.Processor.CPU))
            .map(row -> EventRow.read(row, Long.MAX_VALUE))
            .filter(ShopEvent.class::isInstance)
            .count();
    if (events != RECORDS) {
      throw new IllegalStateException(events + " events of " + RECORDS + " records");
    }
    return events;
  }

  /** Parses with the strict parser only, on one core. */
  @Benchmark
  @Warmup(iterations = 2, time = 1)
  public ParsedRecord strict(RecordBytes bytes) {
    int place = bytes.next;
    bytes.next = (place + 1) % RECORDS;
    return GeneratedEvents.parse(bytes.records.get(place).value(), place);
  }
}
