package io.vectorstream.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The retention of dead letters, and the warning about a topic with another one. */
class DeadLetterRetentionTest {
  private static final String TOPIC = "ecommerce-events-dead-letter";

  @TempDir Path folder;

  private static Settings.Kafka settings(EmbeddedKafka kafka, String retention) {
    return SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of(
                "kafka.bootstrap_servers=" + kafka.bootstrapServers(),
                "kafka.dead_letter_retention=" + retention))
        .kafka();
  }

  @Test
  void the_topic_is_made_with_it_and_a_topic_that_is_there_is_never_changed() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
      Settings.Kafka thirtyDays = settings(kafka, "30d");
      Topics.ensure(thirtyDays);

      // The controller has made the topic; the broker that answers learns of it a little later.
      await()
          .untilAsserted(
              () ->
                  assertThat(Topics.retention(thirtyDays, Set.of(TOPIC, "no-such-topic")))
                      .isEqualTo(Map.of(TOPIC, Optional.of(Duration.ofDays(30)))));
      assertThat(Topics.otherRetention(thirtyDays)).isEmpty();

      Settings.Kafka aWeek = settings(kafka, "7d");
      Topics.ensure(aWeek);
      assertThat(Topics.otherRetention(aWeek))
          .hasValueSatisfying(
              warning ->
                  assertThat(warning)
                      .contains("keeps dead letters for 30.00d")
                      .contains("kafka.dead_letter_retention is 7.00d")
                      .contains("retention.ms=604800000"));
      assertThat(Topics.retention(aWeek, Set.of(TOPIC)))
          .isEqualTo(Map.of(TOPIC, Optional.of(Duration.ofDays(30))));

      keepForEver(kafka);
      await()
          .untilAsserted(
              () ->
                  assertThat(Topics.otherRetention(aWeek))
                      .hasValueSatisfying(
                          warning -> assertThat(warning).contains("dead letters for ever")));
    }
  }

  private static void keepForEver(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("retention.ms", "-1"), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }
}
