package io.vectorstream.it;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Futures;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.Topics;
import io.vectorstream.local.run.ScratchSpace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic, collections and a checkpoint of a test's own on services that others use too, with a
 * producer for the topic and a reader for the results. Closing it removes all of them.
 */
public final class Deployment implements AutoCloseable {
  /** Far more than any step takes on an idle machine; only a test that fails waits this long. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  private final List<String> given = new ArrayList<>();
  private final Services services;
  private final Settings settings;
  private final Producer<byte[], byte[]> producer;
  private final Stored stored;
  private RunningPipeline pipeline;

  /**
   * @param folder for the checkpoint
   * @param overrides settings as {@code name=value}; the trigger is one second unless they say
   *     otherwise
   */
  public Deployment(Services services, Path folder, String... overrides) {
    String name = "it-" + UUID.randomUUID();
    this.services = services;
    given.addAll(services.settings());
    given.addAll(
        List.of(
            "kafka.topic=" + name,
            "stream.checkpoint=" + folder.resolve("checkpoint"),
            "stream.trigger=1s",
            "qdrant.collections.products=" + name + "-products",
            "qdrant.collections.events=" + name + "-events",
            "qdrant.collections.users=" + name + "-users",
            "qdrant.collections.activity=" + name + "-activity",
            "qdrant.collections.pairs=" + name + "-pairs",
            "qdrant.collections.state=" + name + "-state",
            "spark.master=local[2]",
            // Many of them run side by side, and only one can use a port.
            "http.port=0"));
    given.addAll(List.of(overrides));
    this.settings = load(List.of());
    Topics.ensure(settings.kafka());
    this.stored = new Stored(services, settings.qdrant().collections());
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                services.bootstrapServers(),
                "acks",
                "all",
                // A broker that does not lead a new partition yet refuses the first request; with
                // others under way it accepts a later one as the first, and never the first again.
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Returns its settings, as {@code name=value}, for a separate process. */
  public List<String> given() {
    return List.copyOf(given);
  }

  /** The settings of this deployment, with these on top. */
  public Settings settings(String... overrides) {
    return overrides.length == 0 ? settings : load(List.of(overrides));
  }

  private Settings load(List<String> overrides) {
    List<String> all = new ArrayList<>(given);
    all.addAll(overrides);
    return SettingsLoader.load(Optional.empty(), Map.of(), all);
  }

  /** Starts a pipeline; the one before has to be stopped. */
  public RunningPipeline start(String... overrides) {
    pipeline = new RunningPipeline(settings(overrides));
    return pipeline;
  }

  /** Sends events, each with its user as the key, and returns where they lie. */
  public List<RecordMetadata> send(ObjectNode... events) {
    return send(
        Arrays.stream(events)
            .map(
                event ->
                    record(
                        null,
                        event.path("user_id").asText().getBytes(StandardCharsets.UTF_8),
                        event))
            .toList());
  }

  /** A record for this topic; a partition of null leaves the choice to the key. */
  public ProducerRecord<byte[], byte[]> record(Integer partition, byte[] key, ObjectNode event) {
    return new ProducerRecord<>(settings.kafka().topic(), partition, key, Shop.bytes(event));
  }

  /** Returns when all of them are acknowledged. */
  public List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
    producer.flush();
    return sent.stream().map(Futures::getUnchecked).toList();
  }

  public Stored stored() {
    return stored;
  }

  /** Returns the content of the dead-letter topic, committed transactions only. */
  public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    forEachDeadLetter(letters::add);
    return letters;
  }

  /** Passes the same records to the action, one after another. */
  public void forEachDeadLetter(Consumer<ConsumerRecord<byte[], byte[]>> action) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            services.bootstrapServers(),
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            false);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(settings.kafka().deadLetterTopic()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      await()
          .pollInSameThread()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(action);
                return partitions.stream().allMatch(p -> consumer.position(p) >= ends.get(p));
              });
    }
  }

  @Override
  public void close() {
    ScratchSpace everything = new ScratchSpace(settings, false);
    try (everything;
        stored;
        producer) {
      if (pipeline != null) {
        pipeline.close();
      }
    }
  }
}
