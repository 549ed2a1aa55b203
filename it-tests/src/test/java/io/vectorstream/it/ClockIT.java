package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Futures;
import io.qdrant.client.ValueFactory;
import io.vectorstream.catalog.CatalogLoad;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.shop.CatalogFile;
import io.vectorstream.store.CatalogCollection;
import io.vectorstream.store.EventQueries;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Wrong clocks: of the shop, in an event's own time, and of a producer, in a record's time. */
@ExtendWith(SharedServices.class)
class ClockIT {

  private static final ObjectNode WRONG =
      Shop.product("lamp", "Lamp", "Of the future", "Lighting", 1);
  private static final ObjectNode RIGHT = Shop.product("lamp", "Lamp", "Of oak", "Lighting", 20);
  private static final ObjectNode MUG = Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8);
  private static final Instant FAR = Instant.parse("2099-06-01T12:00:00Z");

  @Test
  void whatever_time_a_record_claims_its_event_is_stored_and_counted(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      takeAnyTime(deployment);
      Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      long now = before.toEpochMilli();
      List<Long> times =
          List.of(
              now,
              now / 1000,
              now * 1000,
              now * 1_000_000,
              Long.MAX_VALUE,
              0L,
              1L,
              now + Duration.ofHours(5).toMillis(),
              FAR.toEpochMilli());
      List<ObjectNode> events = new ArrayList<>();
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (long time : times) {
        ObjectNode event = Shop.event("purchase", "ada", RIGHT);
        events.add(event);
        records.add(record(deployment, event, time));
      }
      byte[] broken = "broken".getBytes(UTF_8);
      String topic = deployment.settings().kafka().topic();
      records.add(new ProducerRecord<>(topic, 0, now * 1_000_000, null, broken));
      deployment.send(records);
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(records.size());
        assertThat(pipeline.totals().stored()).isEqualTo(events.size());
        assertThat(pipeline.totals().deadLettered()).isEqualTo(1);
        assertThat(pipeline.health().restarts()).as("restarts").isZero();
      }
      Map<String, Instant> takenAt = deployment.stored().takenAt();
      assertThat(takenAt.get(id(events.get(0)))).isEqualTo(before);
      assertThat(takenAt.values())
          .allMatch(time -> !time.isBefore(before) && !time.isAfter(Instant.now()));
      assertThat(deployment.deadLetters())
          .singleElement()
          .extracting(letter -> letter.value())
          .isEqualTo(broken);
      Recomputation expected = new Recomputation(deployment.settings(), events, takenAt);
      StoreAssertions.assertSums(deployment, expected);

      // With its checkpoint lost, the last batch is read by its offsets, and then all of the topic.
      try (RunningPipeline pipeline =
          deployment.start("stream.checkpoint=" + folder.resolve("new"))) {
        pipeline.awaitRecords(records.size());
        assertThat(pipeline.totals().duplicates()).isEqualTo(events.size());
        assertThat(pipeline.health().restarts()).as("restarts").isZero();
      }
      assertThat(deployment.stored().takenAt()).isEqualTo(takenAt);
      assertThat(deployment.deadLetters()).hasSize(1);
      StoreAssertions.assertSums(deployment, expected);
    }
  }

  @Test
  void an_event_from_2099_is_no_newer_than_its_record(Services services, @TempDir Path folder) {
    ObjectNode far = Shop.event("purchase", "ada", WRONG, FAR);
    try (Deployment deployment = new Deployment(services, folder)) {
      List<ObjectNode> events = new ArrayList<>(List.of(far));
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(far);
        pipeline.awaitRecords(1);
        for (ObjectNode later :
            List.of(Shop.event("view", "ada", MUG), Shop.event("view", "ada", RIGHT))) {
          deployment.send(later);
          events.add(later);
        }
        pipeline.awaitRecords(3);
      }
      StoreAssertions.assertSums(
          deployment,
          new Recomputation(deployment.settings(), events, deployment.stored().takenAt()));
      assertThat(
              deployment
                  .stored()
                  .products()
                  .get("lamp")
                  .payload()
                  .at("/product/description")
                  .asText())
          .isEqualTo("Of oak");
      assertThat(deployment.stored().minutes().keySet())
          .allMatch(minute -> minute.isBefore(Instant.now()));
      Point point = deployment.stored().events().get(PointIds.uuid(id(far)));
      assertThat(point.text("timestamp")).isEqualTo(FAR.toString());
      try (VectorStore store = VectorStore.connect(deployment.settings().qdrant())) {
        EventQueries search = new EventQueries(store);
        assertThat(search.newest(10))
            .extracting(ShopEvent::eventId)
            .containsExactly(id(events.get(2)), id(events.get(1)), id(far));
        assertThat(search.newest(2))
            .hasSize(2)
            .extracting(ShopEvent::eventId)
            .doesNotContain(id(far));
        assertThat(search.ofProduct("lamp", 1))
            .extracting(ShopEvent::eventId)
            .containsExactly(id(events.get(2)));
      }
    }
  }

  @Test
  void a_batch_that_is_repeated_counts_events_from_the_future_at_the_same_time(
      Services services, @TempDir Path folder) throws IOException {
    try (Deployment deployment = new Deployment(services, folder)) {
      takeAnyTime(deployment);
      List<ObjectNode> events =
          List.of(
              Shop.event("purchase", "ada", WRONG, FAR),
              Shop.event("view", "grace", RIGHT, Instant.now().plusSeconds(3000)));
      deployment.send(
          events.stream().map(event -> record(deployment, event, FAR.toEpochMilli())).toList());
      long batch;
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(2);
        batch = pipeline.batches().get(0).id();
      }
      Map<UUID, Point> before = deployment.stored().events();
      Map<Instant, Point> minutes = deployment.stored().minutes();
      // As if it had been interrupted before the minutes were written, and repeated a minute later.
      Path commit = Path.of(deployment.settings().stream().checkpoint(), "commits", "" + batch);
      Files.delete(commit);
      Files.deleteIfExists(commit.resolveSibling("." + batch + ".crc"));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(2);
        assertThat(pipeline.batches().get(0).id()).isEqualTo(batch);
      }
      assertThat(ingested(deployment.stored().events())).isEqualTo(ingested(before));
      assertThat(deployment.stored().minutes().keySet()).isEqualTo(minutes.keySet());
      StoreAssertions.assertSums(
          deployment,
          new Recomputation(deployment.settings(), events, deployment.stored().takenAt()));
    }
  }

  @Test
  void what_an_earlier_version_took_from_the_future_heals(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment deployment = new Deployment(services, folder)) {
      ObjectNode first = Shop.event("view", "ada", WRONG);
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(first, Shop.event("view", "ada", MUG));
        pipeline.awaitRecords(2);
      }
      poison(deployment);
      Path catalogue = folder.resolve("catalogue.jsonl");
      Files.writeString(
          catalogue, Shop.product("mug", "Mug", "Of glass", "Kitchen", 9) + "\n", UTF_8);
      load(deployment, catalogue);
      assertThat(description(deployment, "mug")).isEqualTo("Of glass");

      Instant before = Instant.now();
      ObjectNode second = Shop.event("purchase", "ada", RIGHT);
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(second);
        pipeline.awaitRecords(1);
      }
      assertThat(description(deployment, "lamp")).isEqualTo("Of oak");
      Point lamp = deployment.stored().products().get("lamp");
      assertThat(Instant.parse(lamp.text("last_seen"))).isBefore(Instant.now());
      double hours = Instant.now().toEpochMilli() / 3_600_000.0;
      assertThat(lamp.payload().get("trend").doubleValue()).isBetween(hours, hours + 5);
      Point ada = deployment.stored().users().get("ada");
      assertThat(Instant.parse(ada.payload().at("/interest/at").asText()))
          .isBetween(before.minusSeconds(1), Instant.now());
      assertThat(ada.payload().at("/interest/weight").doubleValue())
          .as("the purchase counts for the interest")
          .isGreaterThan(deployment.settings().interest().weights().purchase());
      assertThat(Instant.parse(ada.text("last_seen"))).isBefore(Instant.now());
      ada.payload()
          .get("last_products")
          .forEach(
              seen -> assertThat(Instant.parse(seen.get("at").asText())).isBefore(Instant.now()));
    }
  }

  /** Writes what earlier versions have stored after an event from the future. */
  private static void poison(Deployment deployment) {
    var collections = deployment.settings().qdrant().collections();
    var far = ValueFactory.value(FAR.toString());
    for (String product : List.of("lamp", "mug")) {
      Futures.getUnchecked(
          deployment
              .stored()
              .client()
              .setPayloadAsync(
                  collections.products(),
                  Map.of(
                      "described_at",
                      far,
                      "last_seen",
                      far,
                      "trend",
                      ValueFactory.value(FAR.toEpochMilli() / 3_600_000.0)),
                  PointIds.point(product),
                  true,
                  null,
                  null));
    }
    Futures.getUnchecked(
        deployment
            .stored()
            .client()
            .setPayloadAsync(
                collections.users(),
                Map.of(
                    "last_seen",
                    far,
                    "last_products",
                    ValueFactory.list(
                        List.of(
                            ValueFactory.value(
                                Map.of("id", ValueFactory.value("lamp"), "at", far)))),
                    "interest",
                    ValueFactory.value(
                        Map.of(
                            "length",
                            ValueFactory.value(1.0),
                            "weight",
                            ValueFactory.value(1.0),
                            "at",
                            far))),
                PointIds.point("ada"),
                true,
                null,
                null));
  }

  private static void load(Deployment deployment, Path catalogue) throws Exception {
    try (VectorStore store = VectorStore.connect(deployment.settings().qdrant());
        CatalogFile file = CatalogFile.open(catalogue, problem -> {})) {
      CatalogLoad load =
          new CatalogLoad(
              EmbeddingService.shared(deployment.settings().embedding()),
              new CatalogCollection(store),
              Instant.now(),
              Duration.ZERO,
              problem -> {});
      assertThat(load.run(file, () -> {})).isTrue();
      assertThat(load.counts().updated()).isEqualTo(1);
    }
  }

  private static String description(Deployment deployment, String product) {
    return deployment
        .stored()
        .products()
        .get(product)
        .payload()
        .at("/product/description")
        .asText();
  }

  private static Map<UUID, String> ingested(Map<UUID, Point> events) {
    return events.entrySet().stream()
        .collect(toMap(Map.Entry::getKey, event -> event.getValue().text("ingested_at")));
  }

  private static String id(ObjectNode event) {
    return event.path("event_id").textValue();
  }

  private static ProducerRecord<byte[], byte[]> record(
      Deployment deployment, ObjectNode event, long timeMs) {
    return new ProducerRecord<>(
        deployment.settings().kafka().topic(), null, timeMs, null, Shop.bytes(event));
  }

  /** Makes Kafka 4 accept records from the future. */
  private static void takeAnyTime(Deployment deployment) {
    String topic = deployment.settings().kafka().topic();
    try (Admin admin =
        Admin.create(
            Map.of("bootstrap.servers", deployment.settings().kafka().bootstrapServers()))) {
      List<AlterConfigOp> changes =
          List.of("message.timestamp.after.max.ms", "message.timestamp.before.max.ms").stream()
              .map(name -> new ConfigEntry(name, Long.toString(Long.MAX_VALUE)))
              .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
              .toList();
      Futures.getUnchecked(
          admin
              .incrementalAlterConfigs(
                  Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
              .all()
              .toCompletionStage()
              .toCompletableFuture());
    }
  }
}
