package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  private static final String KEY = "hunter2";
  @TempDir Path folder;

  private static Settings withSecrets() {
    return SettingsLoader.load(
        Optional.empty(),
        Map.of("VECTORSTREAM_QDRANT_API_KEY", KEY),
        List.of(
            "kafka.properties.sasl.jaas.config=user password=" + KEY,
            "kafka.properties.ssl.key.password=" + KEY,
            "kafka.properties.ssl.keystore.key=" + KEY,
            "kafka.properties.client.id=shop",
            "spark.properties.spark.hadoop.fs.s3a.access.key=" + KEY,
            "spark.properties.spark.hadoop.fs.s3a.secret.key=" + KEY,
            "spark.properties.spark.authenticate.secret=" + KEY));
  }

  @Test
  void settings_never_print_a_secret() {
    assertThat(withSecrets().toString()).doesNotContain(KEY).contains("client.id=shop", "******");
  }

  @Test
  void settings_written_as_yaml_never_hold_a_secret() {
    assertThat(SettingsPrinter.toYaml(withSecrets()))
        .doesNotContain(KEY)
        .contains("client.id: shop", "api_key: '******'");
  }

  @Test
  void a_secret_written_as_json_is_stars() throws IOException {
    assertThat(new ObjectMapper().writeValueAsString(new Secret(KEY))).isEqualTo("\"******\"");
  }

  @Test
  void the_program_itself_gets_the_secrets() {
    Settings settings = withSecrets();

    assertThat(settings.qdrant().resolvedApiKey().value()).isEqualTo(KEY);
    assertThat(settings.kafka().properties()).containsEntry("ssl.key.password", KEY);
  }

  @Test
  void the_api_key_is_read_from_its_file_without_the_line_break_at_its_end() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), KEY + "\n");

    assertThat(withKeyFile(file).resolvedApiKey().value()).isEqualTo(KEY);
  }

  @Test
  void an_api_key_that_is_given_wins_over_its_file() {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of("qdrant.api_key=" + KEY, "qdrant.api_key_file=/no/such/file"));

    assertThat(settings.qdrant().resolvedApiKey().value()).isEqualTo(KEY);
  }

  @Test
  void there_may_be_no_api_key() {
    assertThat(SettingsLoader.defaults().qdrant().resolvedApiKey().isEmpty()).isTrue();
  }

  @Test
  void an_api_key_file_that_is_missing_or_empty_is_named() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> withKeyFile(missing).resolvedApiKey())
        .isInstanceOf(SettingsException.class)
        .hasMessage("qdrant.api_key_file: '" + missing + "' cannot be read; expected a text file");
    Path empty = Files.writeString(folder.resolve("empty"), " \n");
    assertThatThrownBy(() -> withKeyFile(empty).resolvedApiKey())
        .isInstanceOf(SettingsException.class)
        .hasMessage("qdrant.api_key_file: '" + empty + "' is empty; expected the API key");
  }

  private static Settings.Qdrant withKeyFile(Path file) {
    return SettingsLoader.load(Optional.empty(), Map.of(), List.of("qdrant.api_key_file=" + file))
        .qdrant();
  }
}
