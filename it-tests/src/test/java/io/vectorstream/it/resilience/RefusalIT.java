package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Futures;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.ValueFactory;
import io.vectorstream.config.Settings;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.local.Main;
import io.vectorstream.stream.PipelineException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Parts that do not fit together are refused with a reason and a remedy, without any change. */
@ExtendWith(SharedServices.class)
class RefusalIT {

  private static final ObjectNode LAMP =
      Shop.product("lamp", "Desk lamp", "A lamp for reading", "Home", 40);

  @Test
  void another_embedding_model_than_the_one_in_the_collections(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      runOne(deployment);
      Settings.Collections names = deployment.settings().qdrant().collections();
      Point user = deployment.stored().users().get("ada");
      setModel(deployment, names.users(), user, "another-model");
      assertRefused(deployment::start)
          .hasMessageContaining("collection '" + names.users() + "'")
          .hasMessageContaining("vectors of the model another-model");
      assertCommandRefused(deployment, "recommend", "--product", "lamp");
      setModel(deployment, names.users(), user, user.text("model"));

      Point product = deployment.stored().products().get("lamp");
      setModel(deployment, names.products(), product, "another-model");
      assertRefused(deployment::start)
          .hasMessageContaining("collection '" + names.products() + "'")
          .hasMessageContaining(
              "set the model back, embed everything again beside the pipeline (model migrate --to)");
      assertCommandRefused(deployment, "search", "lamp");
      assertCommandRefused(deployment, "recommend", "--user", "ada");
      assertCommandRefused(deployment, "serve", "--set", "http.port=0");

      // An older version has stored the name alone.
      setModel(deployment, names.products(), product, "all-MiniLM-L6-v2");
      assertThat(run(deployment, new StringWriter(), "search", "lamp")).isZero();
    }
  }

  private static void assertCommandRefused(Deployment deployment, String... command) {
    StringWriter said = new StringWriter();
    assertThat(run(deployment, said, command)).as(said.toString()).isNotZero();
    assertThat(said.toString())
        .contains("vectors of the model another-model, but embedding.model is all-MiniLM-L6-v2@")
        .contains(
            "set the model back, embed everything again beside the pipeline (model migrate --to)");
  }

  private static int run(Deployment deployment, StringWriter said, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    deployment.given().forEach(setting -> all.addAll(List.of("--set", setting)));
    return Main.commandLine()
        .setOut(new PrintWriter(said))
        .setErr(new PrintWriter(said, true))
        .execute(all.toArray(String[]::new));
  }

  private static void setModel(
      Deployment deployment, String collection, Point point, String model) {
    Futures.getUnchecked(
        deployment
            .stored()
            .client()
            .setPayloadAsync(
                collection,
                Map.of("model", ValueFactory.value(model)),
                PointIdFactory.id(point.id()),
                true,
                null,
                null));
  }

  @Test
  void a_checkpoint_of_another_topic(Services services, @TempDir Path folder) {
    try (Deployment first = new Deployment(services, folder);
        Deployment second = new Deployment(services, folder)) {
      runOne(first);
      assertRefused(second::start)
          .hasMessageContaining("belongs to topic " + first.settings().kafka().topic())
          .hasMessageContaining("stream.checkpoint");
    }
  }

  @Test
  void a_topic_that_was_deleted_and_one_that_was_made_again(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment deployment = new Deployment(services, folder);
        Admin admin = admin(services)) {
      runOne(deployment);
      String topic = deployment.settings().kafka().topic();
      admin.deleteTopics(List.of(topic)).all().get();
      Awaitility.await().until(() -> !admin.listTopics().names().get().contains(topic));
      assertRefused(deployment::start)
          .hasMessageContaining("topic " + topic + " does not exist any more")
          .hasMessageContaining("delete the checkpoint");

      admin.createTopics(List.of(new NewTopic(topic, 4, (short) 1))).all().get();
      Awaitility.await().until(() -> admin.listTopics().names().get().contains(topic));
      assertRefused(deployment::start)
          .hasMessageContaining("topic " + topic + " was deleted and made again");
    }
  }

  @Test
  void a_topic_that_is_deleted_while_it_is_read(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment deployment = new Deployment(services, folder);
        Admin admin = admin(services)) {
      deployment.send(Shop.event("view", "ada", LAMP));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(1);
        admin.deleteTopics(List.of(deployment.settings().kafka().topic())).all().get();
        assertRefused(() -> pipeline.await(() -> false))
            .hasMessageContaining("topic " + deployment.settings().kafka().topic());
      }
    }
  }

  @Test
  void records_that_expired_before_they_were_read(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment deployment = new Deployment(services, folder);
        Admin admin = admin(services)) {
      runOne(deployment);
      List<RecordMetadata> gone = deployment.send(events(20));
      admin.deleteRecords(upTo(gone)).all().get();
      deployment.send(events(3));

      try (RunningPipeline pipeline = deployment.start()) {
        assertRefused(() -> pipeline.await(() -> false))
            .hasMessageContaining("are gone that were not read yet")
            .hasMessageContaining("set kafka.fail_on_data_loss to false");
      }
      try (RunningPipeline pipeline = deployment.start("kafka.fail_on_data_loss=false")) {
        pipeline.awaitRecords(3);
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(4);
    }
  }

  private static Map<TopicPartition, RecordsToDelete> upTo(List<RecordMetadata> records) {
    return records.stream()
        .collect(
            Collectors.toMap(
                record -> new TopicPartition(record.topic(), record.partition()),
                record -> RecordsToDelete.beforeOffset(record.offset() + 1),
                (a, b) -> a.beforeOffset() > b.beforeOffset() ? a : b));
  }

  @Test
  void a_collection_that_is_gone(Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      runOne(deployment);
      String events = deployment.settings().qdrant().collections().events();
      Futures.getUnchecked(deployment.stored().client().deleteCollectionAsync(events));
      assertRefused(deployment::start)
          .hasMessageContaining("collection '" + events + "'")
          .hasMessageContaining("is gone")
          .hasMessageContaining("delete the checkpoint");
      assertThat(Futures.getUnchecked(deployment.stored().client().collectionExistsAsync(events)))
          .as("an empty collection in its place")
          .isFalse();
    }
  }

  @Test
  void a_disk_that_is_full(Services services, @TempDir Path folder) {
    try (Deployment deployment =
        new Deployment(
            services,
            folder,
            "stream.checkpoint=full://" + folder.resolve("checkpoint"),
            "spark.properties.spark.hadoop.fs.full.impl=" + FullDisk.class.getName())) {
      deployment.send(events(2));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(2);
        FullDisk.FULL.set(true);
        deployment.send(events(3));
        assertRefused(() -> pipeline.await(() -> false))
            .hasMessageContaining("no space left on a disk")
            .hasMessageContaining("make room and start again");
      } finally {
        FullDisk.FULL.set(false);
      }
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(3);
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(5);
    }
  }

  private static ObjectNode[] events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Shop.event("view", "user-" + i, LAMP))
        .toArray(ObjectNode[]::new);
  }

  private static void runOne(Deployment deployment) {
    deployment.send(Shop.event("view", "ada", LAMP));
    try (RunningPipeline pipeline = deployment.start()) {
      pipeline.awaitRecords(1);
    }
  }

  private static Admin admin(Services services) {
    return Admin.create(Map.of("bootstrap.servers", services.bootstrapServers()));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      ThrowingCallable action) {
    Tally.done("refusal met", 1);
    return assertThatThrownBy(action)
        .isInstanceOf(PipelineException.class)
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
  }
}
