package io.vectorstream.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String SECRET = "Kite-1357-x";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx1g -Dshop.password=Kite-1357-x -Dother=1",
        "-Dshop.password='Kite-1357-x' -Dother=1",
        "-Djavax.net.ssl.keyStorePassword=Kite-1357-x",
        "https://ada:Kite-1357-x@models.example.com/bert.zip",
        "https://ada:p@ss/Kite-1357-x@models.example.com/bert.zip",
        "https://Kite-1357-x@models.example.com/bert.zip",
        "cannot get https://m.example.com/b.zip?X-Amz-Expires=60&X-Amz-Signature=Kite-1357-x&a=b",
        "https://m.example.com/b.zip?sv=2024&sig=Kite-1357-x",
        "https://m.example.com/b.zip?access_token=Kite-1357-x#top",
        "https://m.example.com/b.zip?key=Kite-1357-x",
        "-Dmodel=https://m.example.com/b.zip?key=Kite-1357-x",
        "s3a://AKIA:Kite-1357-x@bucket/checkpoint",
        "org.apache.kafka.Login required username=\"ada\" password=\"Kite-1357-x\";",
        "org.apache.kafka.Login required username=\"ada\" password = \"a\\\"Kite-1357-x\" x=\"1\";",
        "{\"user\": \"ada\", \"apiKey\": \"Kite-1357-x\"}",
        "Authorization: Bearer Kite-1357-x",
        "authorization=Basic Kite-1357-x",
        "header Authorization: Kite-1357-x was refused",
        "the client showed Bearer Kite-1357-x",
        "private.key=Kite-1357-x",
        "-----BEGIN PRIVATE KEY-----\nKite-1357-x\n-----END PRIVATE KEY-----",
        "passphrase=Kite-1357-x",
        "VECTORSTREAM_KAFKA_PROPERTIES={\\\"ssl.key.password\\\": \\\"Kite-1357-x\\\"}",
        "db.pwd=Kite-1357-x",
        "-DdbPass=Kite-1357-x",
        "-DdbPwd=Kite-1357-x",
        "-Dshop.pw=Kite-1357-x",
        "encryption.key=Kite-1357-x",
        "fs.azure.sas.shop.account.blob.core.windows.net=Kite-1357-x",
        "x-api-key: Kite-1357-x",
        "X-Vault-Token: Kite-1357-x",
        "producer --topic shop --password Kite-1357-x --acks all"
      })
  void a_secret_within_a_value_is_found_by_what_stands_around_it(String value) {
    assertThat(Redaction.mask(value)).doesNotContain(SECRET).contains("******");
    assertThat(Redaction.holdsSecret(value)).isTrue();
    assertThat(Redaction.redact(Map.of("spark.driver.extraJavaOptions", value)).toString())
        .doesNotContain(SECRET);
  }

  @Test
  void the_passwords_of_kafka_are_known_with_blanks_and_without_their_escapes() {
    Redaction.remember(
        Map.of(
            "ssl.key.password",
            "the heron 42 flies",
            "sasl.jaas.config",
            "a.Module required username=\"ada\" password=\"wren\\\"77\\\\end\";"));

    assertThat(Redaction.mask("login: the heron 42 flies!")).isEqualTo("login: ******!");
    assertThat(Redaction.mask("tried wren\"77\\end once")).isEqualTo("tried ****** once");
  }

  /** As they stand in a JSON document, a URL, a form, or a header of HTTP's basic login. */
  @Test
  void a_known_secret_is_found_however_it_is_written_down() {
    String known = new Secret("Gr\u00fcn \"Kite\"/24+68=x").value();
    String inJson = "Gr\u00fcn \\\"Kite\\\"/24+68=x";
    String inUrl = "Gr%C3%BCn%20%22Kite%22%2F24%2B68%3Dx";
    assertThat(Redaction.mask("{\"a\": \"" + inJson + "\"}")).isEqualTo("{\"a\": \"******\"}");
    assertThat(Redaction.mask("GET /a/" + inUrl + "/b")).isEqualTo("GET /a/******/b");
    assertThat(Redaction.mask("a=" + inUrl.replace("%20", "+") + "&b")).isEqualTo("a=******&b");
    for (String spelling :
        List.of(
            inUrl.toLowerCase(Locale.ROOT).replace("gr", "Gr").replace("kite", "Kite"),
            "Gr%C3%BCn%20%22Kite%22/24%2B68%3Dx",
            "Gr\u00fcn &quot;Kite&quot;/24+68=x",
            inJson.replace("/", "\\/"))) {
      assertThat(Redaction.mask("at " + spelling + " it")).isEqualTo("at ****** it");
    }
    for (String before : List.of("", "a", "ab", "abc", "shop:")) {
      byte[] login = (before + known + ":x").getBytes(UTF_8);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String masked = Redaction.mask("said " + encoder.encodeToString(login) + " to it");
        assertThat(masked).containsPattern("said \\S{0,8}\\*{6}\\S{0,6} to it");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qdrant.api_key_file: '/run/key' cannot be read; expected a text file",
        "http.token: the token has characters that a header cannot carry",
        "embedding.max_tokens: '3' must be at least 8",
        "Unrecognized token 'abc': was expecting ('true', 'false' or 'null')",
        "spark://CoarseGrainedScheduler@127.0.0.1:4711",
        "https://models.example.com/bert.zip?version=3",
        "Kafka at broker-1:9092, broker-2:9092 does not answer: timed out",
        "batch 3: 1,000 records in 20 ms",
        "compass=north, bypass=on",
        "expected --password, or a file",
        "at io.vectorstream.stream.TaskSecrets.get(TaskSecrets.java:53)",
        "TaskSecrets.java:53 says so",
        "partition password-resets-0:12 is read",
        "generate --token-file /run/token",
        ""
      })
  void what_is_no_secret_stays_readable(String text) {
    assertThat(Redaction.mask(text)).isEqualTo(text);
  }

  /** For example, a model's weights that an exception quotes. */
  @Test
  @Timeout(60)
  void a_long_text_is_read_through_once() {
    for (String part : List.of("a", "\\\"", "a.b-", "x=", "=\"", "://", "?a", "bearer ", " ")) {
      String text = "password=\"Kite-1357-x\" " + part.repeat(200_000 / part.length());
      assertThat(Redaction.mask(text)).startsWith("password=\"******\" ").doesNotContain(SECRET);
    }
  }

  @Test
  void the_rest_of_a_value_stays_readable() {
    assertThat(Redaction.mask("-Xmx1g -Dshop.password=Kite-1357-x -Dother=1"))
        .isEqualTo("-Xmx1g -Dshop.password=****** -Dother=1");
    assertThat(Redaction.mask("https://ada:Kite-1357-x@models.example.com/bert.zip?sig=ab&v=1"))
        .isEqualTo("https://******@models.example.com/bert.zip?sig=******&v=1");
  }

  @Test
  void the_value_of_a_secret_is_hidden_wherever_it_stands() {
    SettingsLoader.load(
        Optional.empty(),
        Map.of("VECTORSTREAM_QDRANT_API_KEY", "Plover-4321-key"),
        List.of(
            "kafka.properties.sasl.jaas.config=Login required password=\"Curlew-77-jaas\";",
            "spark.properties.spark.executor.extraJavaOptions=-Dshop.secret=Dunlin-88-option",
            "spark.properties.spark.shop.proxy=http://ada:Godwit-99-url@proxy:3128"));

    assertThat(
            Redaction.mask(
                "refused: Plover-4321-key, then Curlew-77-jaas, Dunlin-88-option, Godwit-99-url"))
        .isEqualTo("refused: ******, then ******, ******, ******");
  }

  @Test
  void settings_show_none_of_the_secrets_in_their_values() {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of("VECTORSTREAM_HTTP_TOKEN", "Avocet-5555-token"),
            List.of(
                "embedding.model=https://ada:Ruff-66-model@models.example.com/bert.zip?sig=Knot-11-sig",
                "stream.checkpoint=s3a://key:Snipe-22-bucket@shop/checkpoint",
                "spark.properties.spark.driver.extraJavaOptions=-Dshop.password=Stint-33-java",
                "spark.properties.spark.shop.greeting=hello Avocet-5555-token",
                "kafka.properties.client.id=Avocet-5555-token"));

    for (String shown : List.of(SettingsPrinter.toYaml(settings), settings.toString())) {
      assertThat(shown)
          .doesNotContain("Ruff-66", "Knot-11", "Snipe-22", "Stint-33", "Avocet-5555")
          .contains("models.example.com/bert.zip", "shop/checkpoint", "hello ******");
    }
    assertThat(settings.embedding().model()).contains("Ruff-66-model");
  }
}
