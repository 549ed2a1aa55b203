package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesFileTest {
  private static final String JAAS =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"shop\""
          + " password=\"hunter2\";";

  @TempDir Path folder;

  @Test
  void what_it_holds_is_weaker_than_properties_wherever_they_come_from() throws IOException {
    Path file =
        file(
            """
            # SASL over TLS
            security.protocol=SASL_SSL
            sasl.mechanism = PLAIN
            sasl.jaas.config=%s
            ssl.endpoint.identification.algorithm=
            linger.ms: 7
            """
                .formatted(JAAS));
    Path yaml = Files.writeString(folder.resolve("a.yaml"), "kafka.properties:\n  linger.ms: 8\n");

    Settings settings =
        SettingsLoader.load(
            Optional.of(yaml),
            Map.of("VECTORSTREAM_KAFKA_PROPERTIES_FILE", file.toString()),
            List.of("kafka.properties.sasl.mechanism=SCRAM-SHA-512"));

    assertThat(settings.kafka().properties())
        .isEqualTo(
            Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                JAAS,
                "ssl.endpoint.identification.algorithm",
                "",
                "linger.ms",
                "8"));
  }

  @Test
  void its_bootstrap_servers_count_where_none_are_given() throws IOException {
    Path file = file("bootstrap.servers=broker:9093\n");

    Settings.Kafka alone = load(file).kafka();
    assertThat(alone.bootstrapServers()).isEqualTo("broker:9093");
    assertThat(alone.properties()).isEmpty();
    assertThat(load(file, "kafka.bootstrap_servers=other:1").kafka().bootstrapServers())
        .isEqualTo("other:1");
  }

  @Test
  void its_bootstrap_servers_are_checked_as_the_setting_is() throws IOException {
    Path file = file("bootstrap.servers=broker\n");

    assertThatThrownBy(() -> load(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            file
                + ": kafka.bootstrap_servers: 'broker' must be host:port,"
                + " or several of them with commas between");
  }

  @Test
  void its_secrets_are_never_printed() throws IOException {
    Settings settings =
        load(file("sasl.jaas.config=" + JAAS + "\nssl.key.password=hunter2\nclient.id=shop\n"));

    assertThat(settings.toString()).doesNotContain("hunter2").contains("client.id=shop");
    assertThat(SettingsPrinter.toYaml(settings))
        .doesNotContain("hunter2")
        .contains("client.id: shop", "sasl.jaas.config: '******'");
  }

  @Test
  void a_login_can_come_from_the_environment() {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(
                "VECTORSTREAM_KAFKA_PROPERTIES",
                "{\"security.protocol\": \"SASL_SSL\", \"sasl.jaas.config\": \"%s\"}"
                    .formatted(JAAS.replace("\"", "\\\""))),
            List.of());

    assertThat(settings.kafka().properties())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", JAAS));
  }

  @Test
  void a_file_that_is_missing_or_a_folder_is_named() {
    Path missing = folder.resolve("missing");
    assertRefused(missing, "is not there");
    assertRefused(folder, "is a folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2\n",
        "{\"sasl.jaas.config\": \"hunter2\"}\n",
        "-----BEGIN PRIVATE KEY-----\nhunter2\n",
        "\u0000\u0001hunter2"
      })
  void a_file_of_another_kind_is_refused_without_repeating_what_it_holds(String text)
      throws IOException {
    assertRefused(file(text), "has a line that is not name=value");
  }

  @Test
  void an_escape_that_is_none_is_refused() throws IOException {
    assertRefused(file("client.id=\\u12\n"), "has a \\u without four digits of an escape");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("kafka.properties"), text);
  }

  private static Settings load(Path file, String... overrides) {
    return SettingsLoader.load(
        Optional.empty(),
        Map.of("VECTORSTREAM_KAFKA_PROPERTIES_FILE", file.toString()),
        List.of(overrides));
  }

  private static void assertRefused(Path file, String what) {
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "environment variable VECTORSTREAM_KAFKA_PROPERTIES_FILE: kafka.properties_file: '"
                + file
                + "' "
                + what
                + "; expected Kafka client settings, such as security.protocol=SASL_SSL");
  }
}
