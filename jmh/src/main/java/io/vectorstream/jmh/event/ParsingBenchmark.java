package io.vectorstream.jmh.event;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.EventParser;
import io.vectorstream.event.EventRow;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.ReadRows;
import io.vectorstream.event.RecordReader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.generator.EventSource;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.jmh.GeneratedEvents;
import io.vectorstream.local.registry.EmbeddedRegistry;
import io.vectorstream.local.registry.EventEncoder;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.registry.RegisteredSchemas;
import io.vectorstream.mapping.Mappings;
import io.vectorstream.mapping.RecordReaders;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
import org.openjdk.jmh.annotations.Param;
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
          "key binary, value binary, topic string, partition int, offset bigint,"
              + " timestamp timestamp, headers array<struct<key string, value binary>>");

  /** Records in Spark's memory, as a micro-batch has them when they are read from Kafka. */
  @State(Scope.Benchmark)
  public static class InSpark {
    private SparkSession spark;
    private Dataset<Row> prepared;
    private Dataset<Row> scanned;

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
      scanned = spark.createDataFrame(rows(), RECORD).repartition(tasks).localCheckpoint();
      prepared = EventParser.prepare(scanned).localCheckpoint();
    }

    private static List<Row> rows() {
      List<Row> rows = new ArrayList<>(RECORDS);
      Timestamp time = Timestamp.from(Instant.parse("2026-01-01T00:00:00Z"));
      for (GeneratedRecord record : GeneratedEvents.records(RECORDS)) {
        byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
        rows.add(RowFactory.create(key, record.value(), "shop", 0, (long) rows.size(), time, null));
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

  /** The records that a reader reads one after the other, and then again. */
  private static final class Records {
    private final RecordReader reader;
    private final List<IncomingRecord> records;
    private int next;

    Records(RecordReader reader, List<GeneratedRecord> records) {
      this.reader = reader;
      this.records = incoming(records);
    }

    List<ParsedRecord> readNext() {
      int place = next;
      next = (place + 1) % RECORDS;
      return reader.read(records.get(place));
    }
  }

  /** The same events in another shape. */
  @State(Scope.Thread)
  public static class Shaped {
    @Param({"VECTORSTREAM", "GA4", "GA4_BIGQUERY", "SEGMENT", "SHOPIFY", "SNOWPLOW"})
    private RecordShape shape;

    private Records records;

    @Setup
    public void generate() {
      EventSource shaped = shape.of(GeneratedEvents.stream(GeneratedEvents.PRODUCTS));
      records =
          new Records(
              new RecordReader(new JsonFormat(), Mappings.read(shape.mapping())),
              GeneratedEvents.records(shaped, RECORDS));
    }
  }

  /** The same events in another format. */
  @State(Scope.Thread)
  public static class Formatted {
    @Param({"JSON", "GZIP", "AVRO", "PROTOBUF", "JSON_SCHEMA", "CLOUDEVENTS", "CLOUDEVENTS_BINARY"})
    private EventFormat format;

    private EmbeddedRegistry registry;
    private Records records;

    @Setup
    public void generate() {
      RegisteredSchemas schemas = new RegisteredSchemas();
      EventEncoder encoder = EventEncoder.of(format, schemas);
      registry = EmbeddedRegistry.start(0, schemas, Optional.empty());
      Settings.Kafka kafka = SettingsLoader.defaults().decoding(registry.url()).kafka();
      records =
          new Records(
              RecordReaders.of(kafka).orElseThrow(),
              GeneratedEvents.records(RECORDS).stream().map(encoder::encode).toList());
    }

    @TearDown
    public void close() {
      registry.close();
    }
  }

  private static List<IncomingRecord> incoming(List<GeneratedRecord> generated) {
    List<IncomingRecord> records = new ArrayList<>(RECORDS);
    for (GeneratedRecord record : generated) {
      RecordHeaders headers = new RecordHeaders();
      record
          .headers()
          .forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
      records.add(
          new IncomingRecord(
              "shop", 0, records.size(), 0, null, record.value(), List.of(headers.toArray())));
    }
    return records;
  }

  /** Parses as the pipeline does, on all cores: Spark's parser, the strict one if in doubt. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  @Warmup(iterations = 5, time = 1)
  public long spark(InSpark records) {
    return events(EventParser.parse(records.prepared, EventParser.Processor.CPU));
  }

  /** Reads the same records through the mapping of this project's shape, on all cores. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  @Warmup(iterations = 5, time = 1)
  public long sparkMapped(InSpark records) {
    return events(
        ReadRows.of(
            records.scanned, new RecordReader(new JsonFormat(), Mappings.read("vectorstream"))));
  }

  private static long events(Dataset<Row> parsed) {
    long events =
        EventRow.rdd(parsed)
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

  /** Maps and parses records that are not of this project's own shape, on one core. */
  @Benchmark
  @Warmup(iterations = 2, time = 1)
  public List<ParsedRecord> mapped(Shaped shaped) {
    return shaped.records.readNext();
  }

  /** Decodes and parses records of another format, on one core. */
  @Benchmark
  @Warmup(iterations = 2, time = 1)
  public List<ParsedRecord> decoded(Formatted formatted) {
    return formatted.records.readNext();
  }
}
