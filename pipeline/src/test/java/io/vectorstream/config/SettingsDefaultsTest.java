package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsDefaultsTest {

  @Test
  void every_default_is_what_users_rely_on() {
    assertThat(SettingsLoader.defaults())
        .isEqualTo(
            new Settings(
                new Settings.Kafka(
                    "localhost:9092",
                    "ecommerce-events",
                    "",
                    "",
                    "",
                    "",
                    Duration.ofDays(30),
                    Settings.StartingOffsets.EARLIEST,
                    true,
                    4,
                    Duration.ofSeconds(15),
                    Settings.Format.JSON,
                    new Registry(
                        "",
                        "",
                        new Secret(""),
                        "",
                        "",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30)),
                    "",
                    Map.of()),
                new Settings.Stream(
                    Duration.ofSeconds(10),
                    "data/checkpoint",
                    1_000_000,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(5),
                    Duration.ofHours(1),
                    0),
                new Settings.Qdrant(
                    "localhost",
                    6334,
                    "",
                    false,
                    "",
                    new Secret(""),
                    "",
                    false,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(15),
                    2000,
                    4,
                    Duration.ofMinutes(5),
                    new Replication("majority", Replication.WriteOrdering.MEDIUM, 0, 0, 0),
                    new Layout(0, true, false, 16, 100, Layout.Quantization.NONE),
                    new Words(false, "en", 80),
                    new Settings.Collections(
                        "products", "events", "users", "activity", "pairs", "state", "")),
                new Settings.Events(false, Duration.ZERO),
                new Settings.Embedding(
                    "bundled",
                    "",
                    Settings.Engine.AUTO,
                    Settings.Device.AUTO,
                    Settings.Precision.FP32,
                    Settings.SearchPrecision.AUTO,
                    16,
                    0,
                    0,
                    100_000,
                    "auto",
                    "auto",
                    "auto",
                    0,
                    new RemoteEmbedding(
                        "",
                        RemoteEmbedding.Api.AUTO,
                        "",
                        new Secret(""),
                        "",
                        false,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        32,
                        4)),
                new Settings.Interest(
                    Duration.ofDays(7),
                    new Settings.Weights(5, 3, 2, 1, 1, -2),
                    10,
                    8,
                    1000,
                    new Settings.Pairs(0, Duration.ofDays(30))),
                new Settings.Recommend(0.3, 0.1, 1),
                new Settings.Fresh(true, 200_000),
                new Settings.Http(
                    true,
                    "127.0.0.1",
                    8080,
                    new Secret(""),
                    "",
                    new Secret(""),
                    "",
                    64,
                    Duration.ofSeconds(10),
                    512,
                    Duration.ofSeconds(10),
                    "127.0.0.0/8, ::1"),
                new Tracing("", new Secret(""), "", "", Duration.ZERO),
                new Settings.Spark(
                    "local[*]",
                    "vectorstream",
                    Settings.Rapids.OFF,
                    new Secret(""),
                    "",
                    false,
                    Map.of())));
  }

  @Test
  void the_documented_file_gives_every_setting_and_no_other() throws IOException {
    GivenValues given = new GivenValues();
    try (InputStream file = SettingsLoader.class.getResourceAsStream("/vectorstream.yaml")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      SettingsLoader.readYaml(YamlDocument.of(text, "vectorstream.yaml"), given);
    }

    given.throwIfAny();
    assertThat(SettingNames.all())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            setting ->
                assertThat(SettingNames.isMap(setting) || given.get(setting) != null)
                    .as(setting)
                    .isTrue());
  }

  @Test
  void the_documented_examples_of_an_override_work() {
    assertThat(
            SettingsLoader.load(
                    Optional.empty(),
                    Map.of("VECTORSTREAM_KAFKA_BOOTSTRAP_SERVERS", "broker:9092"),
                    List.of())
                .kafka()
                .bootstrapServers())
        .isEqualTo("broker:9092");
    assertThat(
            SettingsLoader.load(
                    Optional.empty(), Map.of(), List.of("kafka.bootstrap_servers=broker:9092"))
                .kafka()
                .bootstrapServers())
        .isEqualTo("broker:9092");
  }

  @Test
  void dead_letters_go_to_a_topic_named_after_the_one_that_is_read() {
    assertThat(SettingsLoader.defaults().kafka().deadLetterTopic())
        .isEqualTo("ecommerce-events-dead-letter");
  }

  @Test
  void pairs_weigh_only_where_they_are_counted() {
    for (int partners : new int[] {0, 20}) {
      Settings settings =
          SettingsLoader.load(
              Optional.empty(),
              Map.of(),
              List.of("recommend.pairs=2", "interest.pairs.partners=" + partners));

      assertThat(settings.recommendCounted().pairs()).isEqualTo(partners == 0 ? 0 : 2);
      assertThat(settings.recommendCounted().diversity())
          .isEqualTo(settings.recommend().diversity());
    }
  }

  @Test
  void no_two_settings_share_an_environment_variable() {
    assertThat(SettingNames.all().stream().map(SettingNames::variable)).doesNotHaveDuplicates();
  }
}
