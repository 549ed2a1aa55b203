package io.vectorstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.SettingsException;
import io.vectorstream.http.TestServer.Answer;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The access control of the API. */
class AccessControlTest {
  private static final String TOKEN = "Sparrow-2468-token";
  private static final String READ_TOKEN = "Wagtail-1357-token";
  private static final String[] WITH_TOKEN = {"Authorization", "Bearer " + TOKEN};
  private static final String[] WITH_READ_TOKEN = {"Authorization", "Bearer " + READ_TOKEN};

  private static TestServer open;
  private static TestServer guarded;

  @BeforeAll
  static void start() {
    open = new TestServer();
    guarded =
        new TestServer("http.host=0.0.0.0", "http.token=" + TOKEN, "http.read_token=" + READ_TOKEN);
  }

  @AfterAll
  static void stop() {
    open.close();
    guarded.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/search?q=a",
        "/products/a",
        "/metrics",
        "/config",
        "/openapi.json",
        "/dead-letters"
      })
  void beyond_the_loopback_everything_takes_a_token(String path) {
    Answer refused = guarded.get(path);

    assertThat(refused.status()).isEqualTo(401);
    HttpServerTest.assertProblem(refused, path.replaceAll("[?].*", ""));
    assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"vectorstream\"");
    assertThat(guarded.get(path, WITH_TOKEN).status()).isIn(200, 503);
    assertThat(guarded.get(path, WITH_READ_TOKEN).status()).isIn(200, 503);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/", "/docs", "/docs/swagger-ui.css"})
  void but_not_its_health_nor_the_pages_which_hold_nothing(String path) {
    assertThat(guarded.get(path).status()).isNotEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Bearer Sparrow-2468-toke",
        "Bearer Sparrow-2468-tokenn",
        "Bearer sparrow-2468-token",
        "Basic U3BhcnJvdy0yNDY4LXRva2Vu",
        "Sparrow-2468-token"
      })
  void a_wrong_token_is_refused_and_not_repeated(String header) {
    Answer refused = guarded.get("/config", "Authorization", header);

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.response().body()).doesNotContain("wrong", "2468");
  }

  @Test
  void the_token_is_asked_before_anything_is_said_of_the_parameters() {
    assertThat(guarded.get("/search?limit=abc").status()).isEqualTo(401);
    assertThat(guarded.get("/search?limit=abc", WITH_TOKEN).status()).isEqualTo(400);
    assertThat(
            guarded
                .send(guarded.request("/products/a").method("HEAD", BodyPublishers.noBody()))
                .status())
        .isEqualTo(401);
  }

  @Test
  void what_changes_something_is_refused_as_long_as_there_is_no_token() {
    Answer refused = open.post("/dead-letters/replay", "{}");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail()).contains("set http.token or http.token_file");
    // Nor does an empty token fit the empty setting.
    assertThat(open.post("/dead-letters/replay", "{}", "Authorization", "Bearer ").status())
        .isEqualTo(403);
  }

  @Test
  void a_token_that_is_set_is_demanded_on_the_loopback_too(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    try (TestServer local = new TestServer("http.token_file=" + file)) {
      assertThat(local.get("/config").status()).isEqualTo(401);
      assertThat(local.get("/config", WITH_TOKEN).status()).isEqualTo(200);
      assertThat(local.post("/dead-letters/replay", "{}").status()).isEqualTo(401);
      assertThat(local.post("/dead-letters/replay", "{}", WITH_TOKEN).status()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:8080, 200",
    "shop.localhost, 200",
    "127.0.0.1:8080, 200",
    "127.8.9.1, 200",
    "[::1]:8080, 200",
    "evil.example, 403",
    "localhost.evil.example, 403",
    "127.0.0.1.evil.example, 403",
    "192.168.1.7:8080, 403",
    "[2001:db8::1], 403",
    "0x7f.1, 403"
  })
  void on_the_loopback_only_a_request_for_the_loopback_is_answered(String host, int status)
      throws Exception {
    String request =
        "GET /health/live HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
    try (Socket socket = new Socket("127.0.0.1", open.server().port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

      assertThat(answer).startsWith("HTTP/1.1 " + status);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0", "::", "192.168.1.7", "no-such-host.invalid"})
  void listening_to_others_without_a_token_is_refused_at_the_start(String host) {
    assertThatThrownBy(() -> TestServer.settings("http.host=" + host))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("http.host: '" + host + "' can be reached from other machines")
        .hasMessageContaining("expected http.token or http.token_file with it");
  }

  @Test
  void who_holds_the_token_for_reading_tries_to_replay_and_is_refused() {
    Answer refused = guarded.post("/dead-letters/replay", "{}", WITH_READ_TOKEN);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail()).contains("http.read_token is for reading only");
    assertThat(guarded.post("/dead-letters/replay", "{}", WITH_TOKEN).status()).isEqualTo(503);
  }

  @Test
  void with_a_token_for_reading_alone_nobody_changes_anything() {
    try (TestServer reading = new TestServer("http.read_token=" + READ_TOKEN)) {
      assertThat(reading.get("/config").status()).isEqualTo(401);
      assertThat(reading.get("/config", WITH_READ_TOKEN).status()).isEqualTo(200);
      for (String[] headers : new String[][] {{}, WITH_READ_TOKEN}) {
        Answer refused = reading.post("/dead-letters/replay", "{}", headers);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.detail()).contains("set http.token or http.token_file");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"someone-elses-topic", "ecommerce-events-2"})
  void who_holds_the_token_tries_to_replay_into_another_topic_and_is_refused(String topic) {
    String body = "{\"to_topic\":\"" + topic + "\"}";
    Answer refused = guarded.post("/dead-letters/replay", body, WITH_TOKEN);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail()).contains("expected ecommerce-events, or a topic that is named in");
    try (TestServer named =
        new TestServer(
            "http.token=" + TOKEN,
            "kafka.replay_topics=someone-elses-topic , ecommerce-events-2")) {
      // Admitted, as far as a Kafka that does not answer.
      assertThat(named.post("/dead-letters/replay", body, WITH_TOKEN).status()).isEqualTo(503);
      assertThat(named.post("/dead-letters/replay", "{}", WITH_TOKEN).status()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.token", "http.read_token"})
  void a_token_that_is_soon_guessed_is_refused_and_not_repeated(
      String setting, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "S3cret-of-15-ch");
    for (String given : List.of(setting + "=S3cret-of-15-ch", setting + "_file=" + file)) {
      assertThatThrownBy(() -> new TestServer(given).close())
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining(given.split("=")[0] + ": the token has 15 characters")
          .hasMessageContaining("expected 16 or more")
          .hasMessageNotContaining("S3cret");
    }
  }

  @Test
  void one_token_for_both_is_refused_and_not_repeated() {
    assertThatThrownBy(
            () -> new TestServer("http.token=" + TOKEN, "http.read_token=" + TOKEN).close())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("http.read_token: the token is that of http.token")
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void a_token_that_no_header_can_carry_is_refused_and_not_repeated() {
    assertThatThrownBy(() -> new TestServer("http.token=pass wörd").close())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("http.token: the token has characters")
        .hasMessageNotContaining("wörd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "text/plain       | {}                        | 415 | expected Content-Type:"
            + " application/json",
        "application/x-www-form-urlencoded | again=true | 415 | expected Content-Type:"
            + " application/json",
        "application/json | \"\"                      | 400 | there is no body",
        "application/json | {                         | 400 | the body is not JSON",
        "application/json | {} {}                     | 400 | the body",
        "application/json | []                        | 400 | expected a JSON object",
        "application/json | null                      | 400 | the body is null",
        "application/json | {\"all\":true}            | 400 | all is not a field; expected again",
        "application/json | {\"again\":\"yes\"}       | 400 | again is of another type; expected a"
            + " boolean",
        "application/json | {\"partition\":\"1\"}     | 400 | partition is of another type",
        "application/json | {\"partition\":-1}        | 400 | partition is '-1'",
        "application/json | {\"reason\":\"empty\"}    | 400 | reason is of another type",
        "application/json | {\"reason\":[\"rude\"]}   | 400 | reason is 'rude'",
        "application/json | {\"since\":\"never\"}     | 400 | since is 'never'"
      })
  void a_body_that_is_not_as_expected_is_refused(
      String type, String body, int status, String expected) {
    Answer refused =
        guarded.send(
            guarded
                .request("/dead-letters/replay", WITH_TOKEN)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));

    assertThat(refused.detail()).contains(expected);
    assertThat(refused.status()).isEqualTo(status);
    HttpServerTest.assertProblem(refused, "/dead-letters/replay");
  }

  @Test
  void a_body_that_is_too_large_is_refused() {
    Answer refused =
        guarded.post(
            "/dead-letters/replay", "{\"to_topic\":\"" + "a".repeat(70_000) + "\"}", WITH_TOKEN);

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.detail()).contains("expected 65,536 bytes at most");
  }

  @Test
  void the_token_is_nowhere_in_what_is_told() {
    assertThat(guarded.get("/config", WITH_TOKEN).response().body())
        .contains("\"token\":\"******\"", "\"read_token\":\"******\"")
        .doesNotContain(TOKEN, READ_TOKEN);
  }
}
