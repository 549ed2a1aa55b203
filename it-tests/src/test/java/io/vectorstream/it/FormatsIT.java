package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.Reason;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.local.registry.EmbeddedRegistry;
import io.vectorstream.local.registry.EventEncoder;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.registry.RegisteredSchemas;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.store.VectorStore;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records that are not plain JSON, and a schema registry that comes and goes. */
@ExtendWith(SharedServices.class)
class FormatsIT {

  private static final ObjectNode KETTLE =
      Shop.product("kettle", "Kettle", "Boils a litre of water", "Kitchen", 19.9);
  private static final ObjectNode MUG = Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8);

  private final RegisteredSchemas schemas = new RegisteredSchemas();
  private EmbeddedRegistry registry = EmbeddedRegistry.start(0, schemas, Optional.empty());

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void events_in_every_format_count_as_plain_ones_do(Services services, @TempDir Path folder) {
    try (Deployment deployment = deployment(services, folder)) {
      List<ObjectNode> events = new ArrayList<>();
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (EventFormat format : EventFormat.values()) {
        EventEncoder encoder = EventEncoder.of(format, schemas);
        for (ObjectNode event : of("shopper-" + format)) {
          events.add(event);
          records.add(record(deployment, encoder.encode(Shop.bytes(event))));
          // A copy in another partition, and in another format.
          records.add(deployment.record(3, null, event));
        }
      }
      for (ObjectNode event : of("binary")) {
        events.add(event);
        records.add(binary(deployment, event));
      }
      deployment.send(records);

      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(records.size()))
            .isEqualTo(
                new PipelineTotals(
                    records.size(), events.size(), records.size() - events.size(), 0));
        pipeline.await(() -> deployment.stored().countPending() == 0);
      }

      StoreAssertions.assertSums(deployment, new Recomputation(deployment.settings(), events));
    }
  }

  @Test
  void what_cannot_be_decoded_is_a_dead_letter_as_it_is_and_is_replayed_when_it_can_be(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = deployment(services, folder)) {
      EventEncoder avro = EventEncoder.of(EventFormat.AVRO, schemas);
      ObjectNode good = Shop.event("view", "ada", MUG);
      ObjectNode early = Shop.event("purchase", "grace", KETTLE);
      byte[] unknown = avro.encode(Shop.bytes(early));
      ByteBuffer.wrap(unknown).putInt(1, 2);
      byte[] encoded = avro.encode(Shop.bytes(Shop.event("view", "ada", MUG)));
      byte[] cutOff = Arrays.copyOf(encoded, encoded.length - 9);
      Map<String, byte[]> broken = new LinkedHashMap<>();
      broken.put("unknown_schema", unknown);
      broken.put("cannot_be_decoded", cutOff);
      broken.put("missing_field", avro.encode("{\"event_id\": \"1\"}".getBytes(UTF_8)));
      broken.put("not_json", new byte[] {0, 0, 0});
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      records.add(record(deployment, avro.encode(Shop.bytes(good))));
      Header header = new RecordHeader("trace", new byte[] {(byte) 0xff, 0, 7});
      broken.forEach(
          (reason, value) ->
              records.add(
                  new ProducerRecord<>(
                      deployment.settings().kafka().topic(),
                      null,
                      reason.getBytes(UTF_8),
                      value,
                      List.of(header))));
      ProducerRecord<byte[], byte[]> other = record(deployment, encoded);
      other.headers().add("content-encoding", "br".getBytes(UTF_8));
      records.add(other);
      deployment.send(records);

      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(6)).isEqualTo(new PipelineTotals(6, 1, 0, 5));
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new LinkedHashMap<>();
        deployment.deadLetters().forEach(letter -> letters.put(text(letter, "reason"), letter));
        assertThat(letters.remove("other_format").value()).isEqualTo(encoded);
        assertThat(letters).containsOnlyKeys(broken.keySet());
        broken.forEach(
            (reason, value) -> {
              assertThat(letters.get(reason).value()).isEqualTo(value);
              assertThat(letters.get(reason).key()).isEqualTo(reason.getBytes(UTF_8));
              assertThat(letters.get(reason).headers().lastHeader("trace")).isEqualTo(header);
            });
        assertThat(text(letters.get("unknown_schema"), "detail"))
            .isEqualTo("the schema registry has no schema 2");

        assertThat(schemas.register("again", schemas.byId(1).orElseThrow())).isEqualTo(2);
        await()
            .atMost(Deployment.PATIENCE)
            .until(
                () -> {
                  replay(deployment, Reason.UNKNOWN_SCHEMA);
                  return deployment.stored().countEvents() == 2;
                });
      }
      StoreAssertions.assertSums(
          deployment, new Recomputation(deployment.settings(), List.of(good, early)));
    }
  }

  @Test
  void records_wait_for_a_registry_that_does_not_answer_and_none_is_lost(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = deployment(services, folder, "kafka.registry.retry_for=1s")) {
      EventEncoder avro = EventEncoder.of(EventFormat.AVRO, schemas);
      List<ObjectNode> events = of("ada");
      int port = registry.port();
      try (RunningPipeline pipeline = deployment.start()) {
        registry.close();
        deployment.send(
            events.stream()
                .map(event -> record(deployment, avro.encode(Shop.bytes(event))))
                .toList());
        pipeline.await(() -> pipeline.health().state() == Health.State.RESTARTING);
        assertThat(pipeline.health().toString())
            .contains("the schema registry at http://127.0.0.1:%d does not answer".formatted(port));
        registry = EmbeddedRegistry.start(port, schemas, Optional.empty());
        assertThat(pipeline.awaitRecords(events.size()))
            .isEqualTo(new PipelineTotals(events.size(), events.size(), 0, 0));
      }
      assertThat(deployment.deadLetters()).isEmpty();
    }
  }

  @Test
  void a_framed_click_changes_answers_before_a_batch_merges_it(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = deployment(services, folder);
        VectorStore store = VectorStore.connect(deployment.settings().qdrant())) {
      EventEncoder protobuf = EventEncoder.of(EventFormat.PROTOBUF, schemas);
      deployment.send(
          List.of(record(deployment, protobuf.encode(Shop.bytes(Shop.event("view", "ada", MUG))))));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(1);
      }
      try (FreshEvents fresh = FreshEvents.follow(deployment.settings(), store)) {
        await().atMost(Deployment.PATIENCE).until(() -> fresh.user("ada").fresh().complete());
        deployment.send(
            List.of(
                record(
                    deployment, protobuf.encode(Shop.bytes(Shop.event("view", "ada", KETTLE))))));
        await().atMost(Deployment.PATIENCE).until(() -> fresh.user("ada").fresh().events() == 1);
        assertThat(fresh.user("ada").state().orElseThrow().counts().total()).isEqualTo(2);
      }
    }
  }

  private Deployment deployment(Services services, Path folder, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("kafka.format=auto");
    settings.add("kafka.registry.url=" + registry.url());
    return new Deployment(services, folder, settings.toArray(String[]::new));
  }

  private static List<ObjectNode> of(String user) {
    return List.of(
        Shop.event("view", user, KETTLE).put("view_duration", 2.5),
        Shop.event("add_to_cart", user, MUG).put("quantity", 2),
        Shop.event("purchase", user, KETTLE)
            .put("quantity", 2)
            .put("total_amount", 39.8)
            .put("payment_method", "card"),
        Shop.event("search", user, null).put("search_query", "something for tea"));
  }

  private static ProducerRecord<byte[], byte[]> record(Deployment deployment, byte[] value) {
    return new ProducerRecord<>(deployment.settings().kafka().topic(), 0, null, value);
  }

  /** Returns a CloudEvent in binary mode, as the SDK writes it. */
  private static ProducerRecord<byte[], byte[]> binary(Deployment deployment, ObjectNode event) {
    CloudEvent cloudEvent =
        CloudEventBuilder.v1()
            .withId(event.path("event_id").asText())
            .withSource(URI.create("https://shop.example"))
            .withType("com.example.shop")
            .withTime(OffsetDateTime.parse(event.path("timestamp").asText()))
            .withData("application/json", Shop.bytes(event))
            .build();
    return KafkaMessageFactory.<byte[]>createWriter(
            deployment.settings().kafka().topic(), 1, new byte[0])
        .writeBinary(cloudEvent);
  }

  private static void replay(Deployment deployment, Reason reason) {
    try (DeadLetterTopic letters = DeadLetterTopic.open(deployment.settings().kafka());
        DeadLetterReplay replay =
            DeadLetterReplay.open(
                deployment.settings().kafka(), letters, deployment.settings().kafka().topic())) {
      DeadLetterFilter all = DeadLetterFilter.ALL;
      replay.run(
          new DeadLetterFilter(
              Set.of(reason),
              all.since(),
              all.until(),
              all.partition(),
              all.fromOffset(),
              all.toOffset()),
          false,
          replayed -> {});
    }
  }

  private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
    return new String(letter.headers().lastHeader(header).value(), UTF_8);
  }
}
