package io.vectorstream.local.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that lets its clients read and write topics, but not see the topics' settings. */
class ClosedSettingsTest {
  private static final Map<String, String> AUTHORIZER =
      Map.of(
          "authorizer.class.name",
          "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
          "allow.everyone.if.no.acl.found",
          "true");

  @TempDir Path folder;

  @Test
  void topics_are_made_and_dead_letters_replayed_all_the_same() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0, AUTHORIZER)) {
      Settings.Kafka settings =
          SettingsLoader.load(
                  Optional.empty(),
                  Map.of(),
                  List.of(
                      "kafka.bootstrap_servers=" + kafka.bootstrapServers(),
                      "kafka.products_topic=shop-products"))
              .kafka();
      close(kafka, settings);
      Topics.ensure(settings);
      letter(kafka, settings, settings.topic(), null);
      letter(kafka, settings, settings.productsTopic(), "p1");
      letter(kafka, settings, settings.productsTopic(), null);

      try (DeadLetterTopic letters = DeadLetterTopic.open(settings);
          DeadLetterReplay replay = DeadLetterReplay.open(settings, letters, null)) {
        assertThat(replay.run(DeadLetterFilter.ALL, false, count -> {})).isEqualTo(2);
        assertThat(replay.withoutKey()).isEqualTo(1);
      }
    }
  }

  private static void close(EmbeddedKafka kafka, Settings.Kafka settings) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createAcls(
              List.of(
                  rule(AclOperation.ALL, AclPermissionType.ALLOW),
                  rule(AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY)))
          .all()
          .get();
    }
    kafka.createTopic("known", 1);
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> Topics.retention(settings, Set.of("known")))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("uthoriz"));
  }

  private static AclBinding rule(AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, "*", PatternType.LITERAL),
        new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
  }

  private static void letter(EmbeddedKafka kafka, Settings.Kafka settings, String from, String key)
      throws Exception {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            settings.deadLetterTopic(),
            key == null ? null : key.getBytes(UTF_8),
            "{".getBytes(UTF_8));
    letter.headers().add("topic", from.getBytes(UTF_8));
    letter.headers().add("partition", "0".getBytes(UTF_8));
    letter.headers().add("offset", "0".getBytes(UTF_8));
    letter.headers().add("reason", "not_json".getBytes(UTF_8));
    letter.headers().add("detail", "not JSON".getBytes(UTF_8));
    letter.headers().add("timestamp", "2026-01-01T00:00:00Z".getBytes(UTF_8));
    letter.headers().add("failed_at", "2026-01-01T00:00:00Z".getBytes(UTF_8));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(letter).get();
    }
  }
}
