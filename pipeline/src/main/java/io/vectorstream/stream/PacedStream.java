package io.vectorstream.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.event.RecordTimes;
import io.vectorstream.store.BegunBatch.OffsetRange;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsAdmissionControl;
import org.apache.spark.sql.kafka010.KafkaBatchInputPartition;
import org.apache.spark.sql.kafka010.KafkaMicroBatchStream;
import org.apache.spark.sql.kafka010.KafkaOffsetRange;

/** Kafka's stream, with batches that end where the pace and fair shares of partitions say. */
final class PacedStream
    implements MicroBatchStream, SupportsAdmissionControl, ReportsSourceMetrics {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Spark's JSON for Kafka offsets: topic to partition to offset. */
  private static final TypeReference<Map<String, Map<Integer, Long>>> OFFSETS =
      new TypeReference<>() {};

  private final KafkaMicroBatchStream kafka;
  private final BatchPace pace;

  PacedStream(KafkaMicroBatchStream kafka, BatchPace pace) {
    this.kafka = kafka;
    this.pace = pace;
  }

  @Override
  public Offset latestOffset(Offset start, ReadLimit ignored) {
    Offset latest = kafka.latestOffset(start, ReadLimit.allAvailable());
    if (latest == null) {
      return null;
    }
    Map<TopicPartition, Long> from = parse(start);
    Map<TopicPartition, Long> ends = parse(latest);
    Map<TopicPartition, Long> waiting = new HashMap<>();
    // A new partition has no start here: Kafka's source finds it, and takes all of it; BatchParts
    // divides it.
    from.forEach(
        (partition, offset) -> {
          long more = ends.getOrDefault(partition, offset) - offset;
          if (more > 0) {
            waiting.put(partition, more);
          }
        });
    long all = waiting.values().stream().mapToLong(Long::longValue).sum();
    long limit = pace.limit();
    pace.leaves(Math.max(0, all - limit));
    if (all <= limit) {
      return latest;
    }
    FairShare.of(waiting, limit)
        .forEach((partition, share) -> ends.put(partition, from.get(partition) + share));
    return kafka.deserializeOffset(json(ends));
  }

  private static Map<TopicPartition, Long> parse(Offset offset) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    try {
      JSON.readValue(offset.json(), OFFSETS)
          .forEach(
              (topic, partitions) ->
                  partitions.forEach(
                      (partition, at) -> offsets.put(new TopicPartition(topic, partition), at)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not the offsets of a Kafka source: " + offset.json(), e);
    }
    return offsets;
  }

  private static String json(Map<TopicPartition, Long> offsets) {
    Map<String, Map<Integer, Long>> topics = new TreeMap<>();
    offsets.forEach(
        (partition, at) ->
            topics
                .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), at));
    try {
      return JSON.writeValueAsString(topics);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("offsets that cannot be written: " + offsets, e);
    }
  }

  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("latestOffset() without a limit is not supported");
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    return ReadLimit.allAvailable();
  }

  @Override
  public Offset reportLatestOffset() {
    return kafka.reportLatestOffset();
  }

  @Override
  public Offset initialOffset() {
    return kafka.initialOffset();
  }

  @Override
  public Offset deserializeOffset(String json) {
    return kafka.deserializeOffset(json);
  }

  @Override
  public InputPartition[] planInputPartitions(Offset start, Offset end) {
    InputPartition[] partitions = kafka.planInputPartitions(start, end);
    pace.plans(ranges(partitions, parse(end)));
    return withRecordTimes(partitions);
  }

  /**
   * Returns what is read of each partition. One without new records has an empty range: so whoever
   * reads the ledger knows where each partition stands.
   */
  private static List<OffsetRange> ranges(
      InputPartition[] partitions, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, OffsetRange> ranges = new HashMap<>();
    ends.forEach(
        (partition, end) ->
            ranges.put(
                partition, new OffsetRange(partition.topic(), partition.partition(), end, end)));
    for (InputPartition partition : partitions) {
      OffsetRange range = range(((KafkaBatchInputPartition) partition).offsetRange());
      ranges.put(new TopicPartition(range.topic(), range.partition()), range);
    }
    return ranges.values().stream()
        .sorted(Comparator.comparingInt(OffsetRange::partition))
        .toList();
  }

  private static OffsetRange range(KafkaOffsetRange range) {
    return new OffsetRange(
        range.topic(), range.partition(), range.fromOffset(), range.untilOffset());
  }

  /**
   * Lets {@link RecordTimes} see records before Spark does. Spark refuses the option, because it
   * cannot know that this interceptor changes no key and no value.
   */
  static InputPartition[] withRecordTimes(InputPartition[] partitions) {
    return Arrays.stream(partitions)
        .map(partition -> withRecordTimes((KafkaBatchInputPartition) partition))
        .toArray(InputPartition[]::new);
  }

  private static InputPartition withRecordTimes(KafkaBatchInputPartition partition) {
    Map<String, Object> params = new HashMap<>(partition.executorKafkaParams());
    params.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, RecordTimes.class.getName());
    return partition.copy(
        partition.offsetRange(),
        params,
        partition.pollTimeoutMs(),
        partition.failOnDataLoss(),
        partition.includeHeaders());
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return kafka.createReaderFactory();
  }

  @Override
  public Map<String, String> metrics(Optional<Offset> latestConsumedOffset) {
    return kafka.metrics(latestConsumedOffset);
  }

  @Override
  public void commit(Offset end) {
    kafka.commit(end);
  }

  @Override
  public void stop() {
    kafka.stop();
  }

  /** Returns the name of the source in Spark's progress. */
  @Override
  public String toString() {
    return kafka.toString();
  }
}
