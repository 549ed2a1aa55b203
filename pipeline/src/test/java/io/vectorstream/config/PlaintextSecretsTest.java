package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaintextSecretsTest {
  private static final String KEY = "qdrant.api_key=Plover-4321-key";

  @ParameterizedTest
  @ValueSource(strings = {"qdrant.host=10.1.2.3", "qdrant.addresses=localhost:6334, 10.1.2.3:6334"})
  void a_key_that_leaves_this_machine_without_tls_is_told_of(String address) {
    assertThat(warnings(KEY, address))
        .singleElement()
        .asString()
        .contains("10.1.2.3:6334", "qdrant.tls: true", "qdrant.allow_plaintext_key: true")
        .doesNotContain("Plover");
    assertThat(warnings("qdrant.api_key_file=" + Path.of("key"), address)).hasSize(1);
  }

  @Test
  void nothing_is_said_of_a_key_that_nobody_else_can_read() {
    assertThat(warnings(KEY)).isEmpty();
    assertThat(warnings("qdrant.host=10.1.2.3")).isEmpty();
    assertThat(warnings(KEY, "qdrant.host=10.1.2.3", "qdrant.tls=true")).isEmpty();
    assertThat(warnings(KEY, "qdrant.host=10.1.2.3", "qdrant.allow_plaintext_key=true")).isEmpty();
  }

  @Test
  void a_login_to_kafka_without_tls_is_told_of() {
    String login = "kafka.properties.security.protocol=SASL_PLAINTEXT";
    assertThat(warnings(login)).isEmpty();
    assertThat(warnings(login, "kafka.bootstrap_servers=10.1.2.3:9092"))
        .singleElement()
        .asString()
        .contains("10.1.2.3:9092", "SASL_SSL");
  }

  @Test
  void an_authorization_of_traces_without_tls_is_told_of() {
    String authorization = "tracing.otlp_authorization=Bearer Plover-4321";
    assertThat(warnings(authorization, "tracing.otlp_endpoint=http://localhost:4318")).isEmpty();
    assertThat(warnings(authorization, "tracing.otlp_endpoint=https://10.1.2.3:4318")).isEmpty();
    assertThat(warnings(authorization, "tracing.otlp_endpoint=http://10.1.2.3:4318"))
        .singleElement()
        .asString()
        .contains("http://10.1.2.3:4318", "https://")
        .doesNotContain("Plover");
  }

  @Test
  void a_password_of_a_schema_registry_without_tls_is_told_of() {
    String password = "kafka.registry.password=Plover-4321";
    String auto = "kafka.format=auto";
    assertThat(warnings(password, auto, "kafka.registry.url=http://localhost:8081")).isEmpty();
    assertThat(warnings(password, auto, "kafka.registry.url=https://10.1.2.3")).isEmpty();
    assertThat(warnings(auto, "kafka.registry.url=http://10.1.2.3:8081")).isEmpty();
    assertThat(warnings(password, auto, "kafka.registry.url=http://10.1.2.3:8081"))
        .singleElement()
        .asString()
        .contains("http://10.1.2.3:8081", "https://")
        .doesNotContain("Plover");
  }

  private static List<String> warnings(String... settings) {
    return PlaintextSecrets.warnings(
        SettingsLoader.load(Optional.empty(), Map.of(), List.of(settings)));
  }
}
