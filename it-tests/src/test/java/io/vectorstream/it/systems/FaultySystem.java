package io.vectorstream.it.systems;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.points.WrittenPoint;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A small system that stores events by their ids, so that none is lost or stored twice however
 * often it is killed; with a fault on request. {@code main} takes the fault, then settings as
 * {@code name=value}.
 */
public final class FaultySystem {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One in so many events is treated wrongly. */
  private static final int ONE_IN = 10_000;

  private static final Duration LATE = Duration.ofMillis(1500);

  /** A fault of a system. */
  enum Fault {
    NONE,
    /** It stores all events but one in ten thousand. */
    LOSES,
    /** It stores one in ten thousand a second time, as another point. */
    DOUBLES,
    /** It commits offsets, and stores the events after that. */
    ANSWERS_EARLY
  }

  private final Fault fault;
  private final ForeignCollection events;
  private long seen;

  private FaultySystem(Fault fault, ForeignCollection events) {
    this.fault = fault;
    this.events = events;
  }

  public static void main(String[] arguments) throws InterruptedException {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(), System.getenv(), List.of(arguments).subList(1, arguments.length));
    String topic = settings.kafka().topic();
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            settings.kafka().bootstrapServers(),
            ConsumerConfig.GROUP_ID_CONFIG,
            topic + "-faulty",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false);
    try (VectorStore store = VectorStore.connect(settings.qdrant());
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      // Assigned and not subscribed: a member that was killed would hold its partitions for a
      // while.
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList());
      FaultySystem system =
          new FaultySystem(
              Fault.valueOf(arguments[0].toUpperCase(Locale.ROOT)),
              new ForeignCollection(store, settings.qdrant().collections().events()));
      System.out.println("Ready");
      while (true) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
        if (system.fault == Fault.ANSWERS_EARLY) {
          consumer.commitSync();
          Thread.sleep(LATE.toMillis());
        }
        system.store(records);
        consumer.commitSync();
      }
    }
  }

  private void store(ConsumerRecords<byte[], byte[]> records) {
    List<WrittenPoint> points = new ArrayList<>();
    records.forEach(
        record -> {
          JsonNode event = read(record.value());
          if (event == null) {
            return;
          }
          boolean isTheOne = ++seen % ONE_IN == ONE_IN / 4;
          if (!(isTheOne && fault == Fault.LOSES)) {
            points.add(
                new WrittenPoint(UUID.fromString(event.path("event_id").asText()), event, null));
          }
          if (isTheOne && fault == Fault.DOUBLES) {
            points.add(new WrittenPoint(UUID.randomUUID(), event, null));
          }
        });
    if (!points.isEmpty()) {
      events.write(points);
    }
  }

  /** Returns null for a record that is no event with an id. */
  private static JsonNode read(byte[] record) {
    try {
      JsonNode event = JSON.readTree(record);
      UUID.fromString(event.path("event_id").asText());
      return event;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
