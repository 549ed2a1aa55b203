package io.vectorstream.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import io.vectorstream.event.EventParser;
import io.vectorstream.event.EventRow;
import io.vectorstream.event.KafkaClients;
import io.vectorstream.event.ReadRows;
import io.vectorstream.event.RecordReader;
import io.vectorstream.store.BegunBatch.OffsetRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The topic's records as Spark scans them, for {@link EventRow#parsed}. */
final class TopicRecords {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Settings that make reading a fifth faster than Kafka's defaults, with 500 records a call. */
  private static final Map<String, String> READ_AHEAD =
      Map.of(
          "kafka.max.poll.records",
          "10000",
          "kafka.max.partition.fetch.bytes",
          Integer.toString(8 << 20));

  /**
   * The longest time in which a broker holds a fetch back to wait for records. All records of a
   * batch are there, but Spark asks for the topic's first and last offset after each fetch, and a
   * broker answers that only when it has answered the fetch that the consumer has sent ahead, for
   * records to come.
   */
  private static final Map<String, String> NO_WAITING = Map.of("kafka.fetch.max.wait.ms", "2");

  /** Settings to notice the loss of a broker sooner than Kafka's default of a minute. */
  private static final Map<String, String> PATIENCE =
      Map.of("kafka.default.api.timeout.ms", "20000", "kafka.request.timeout.ms", "10000");

  private final SparkSession spark;
  private final Settings.Kafka settings;
  private final Optional<RecordReader> reader;

  /**
   * @param reader of records that are not events in plain JSON
   */
  TopicRecords(SparkSession spark, Settings.Kafka settings, Optional<RecordReader> reader) {
    this.spark = spark;
    this.settings = settings;
    this.reader = reader;
  }

  private Dataset<Row> scanned(Dataset<Row> records) {
    return reader.map(of -> ReadRows.of(records, of)).orElseGet(() -> EventParser.prepare(records));
  }

  /**
   * Returns the stream of all records, batch after batch.
   *
   * @param paceName the name that {@link PacedKafkaSource#register} returned
   */
  Dataset<Row> stream(String paceName) {
    return scanned(
        spark
            .readStream()
            .format(PacedKafkaSource.class.getName())
            .options(options())
            .option(PacedKafkaSource.PACE, paceName)
            .option("subscribe", settings.topic())
            .option("startingOffsets", settings.startingOffsets().name().toLowerCase(Locale.ROOT))
            .load());
  }

  /** Reads the records of the ranges again. */
  Dataset<Row> read(List<OffsetRange> ranges) {
    Map<String, List<Integer>> partitions = new TreeMap<>();
    List<OffsetRange> wanted = ranges.stream().filter(range -> range.size() > 0).toList();
    wanted.forEach(
        range ->
            partitions
                .computeIfAbsent(range.topic(), topic -> new ArrayList<>())
                .add(range.partition()));
    return scanned(
        spark
            .read()
            .format(PacedKafkaSource.class.getName())
            .options(options())
            .option("assign", json(partitions))
            .option("startingOffsets", json(offsets(wanted, OffsetRange::from)))
            .option("endingOffsets", json(offsets(wanted, OffsetRange::until)))
            .load());
  }

  private static Map<String, Map<Integer, Long>> offsets(
      List<OffsetRange> ranges, ToLongFunction<OffsetRange> end) {
    Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
    ranges.forEach(
        range ->
            offsets
                .computeIfAbsent(range.topic(), topic -> new TreeMap<>())
                .put(range.partition(), end.applyAsLong(range)));
    return offsets;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value, e);
    }
  }

  private Map<String, String> options() {
    Map<String, String> options = new HashMap<>(READ_AHEAD);
    options.putAll(NO_WAITING);
    options.put("kafka.bootstrap.servers", settings.bootstrapServers());
    options.put("includeHeaders", Boolean.toString(reader.isPresent()));
    options.put("failOnDataLoss", Boolean.toString(settings.failOnDataLoss()));
    // The records of an aborted replay of dead letters do not count.
    options.put("kafka.isolation.level", "read_committed");
    if (KafkaClients.hasNoTimeouts(settings)) {
      options.putAll(PATIENCE);
    }
    settings.properties().forEach((name, value) -> options.put("kafka." + name, value));
    return options;
  }
}
