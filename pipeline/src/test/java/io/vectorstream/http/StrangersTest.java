package io.vectorstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.http.TestServer.Answer;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.Health.State;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.monitoring.PipelineStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to learn from a server, without its token, about the systems behind it. */
class StrangersTest {
  private static final String TOKEN = "Sparrow-2468-token";
  private static final String[] WITH_TOKEN = {"Authorization", "Bearer " + TOKEN};
  private static final String FAILURE =
      "java.io.IOException: no space left for /srv/shop/checkpoint, asked of"
          + " broker-7.internal:9092";

  /** The texts that the failure, the settings and the parts that do not answer would reveal. */
  private static final List<String> INSIDE =
      List.of("IOException", "/srv/", "broker-7", "Qdrant", "127.0.0.1:1", "localhost:1", "Onnx");

  private static TestServer server;

  @BeforeAll
  static void start() {
    Health failed = new Health(State.FAILED, Instant.EPOCH, FAILURE, 3);
    ObservedPipeline pipeline =
        new ObservedPipeline() {
          @Override
          public Health health() {
            return failed;
          }

          @Override
          public Optional<PipelineStatus> status() {
            return Optional.empty();
          }
        };
    server = new TestServer(Optional.of(pipeline), "http.host=0.0.0.0", "http.token=" + TOKEN);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_stranger_asks_for_the_health_and_learns_states_alone() {
    JsonNode told = server.get("/health").json();

    assertThat(told.path("status").asText()).isEqualTo("down");
    assertThat(told.path("parts").fieldNames())
        .toIterable()
        .containsExactly("pipeline", "kafka", "qdrant", "embedding");
    assertThat(told.at("/parts/pipeline/state").asText()).isEqualTo("failed");
    assertThat(told.path("parts"))
        .allSatisfy(part -> assertThat(part.fieldNames()).toIterable().containsExactly("state"));
  }

  @Test
  void who_shows_the_token_learns_the_reasons() {
    JsonNode told = server.get("/health", WITH_TOKEN).json();

    assertThat(told.at("/parts/pipeline/reason").asText()).isEqualTo(FAILURE);
    assertThat(told.at("/parts/pipeline/since").asText()).isNotEmpty();
    assertThat(told.at("/parts/qdrant/reason").asText()).contains("Qdrant at localhost:1");
    assertThat(server.get("/health/live", WITH_TOKEN).json().path("reason").asText())
        .isEqualTo("failed: " + FAILURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health",
        "/health/live",
        "/health/ready",
        "/openapi.json",
        "/metrics",
        "/config",
        "/stats/pipeline",
        "/dead-letters?reason=rude",
        "/products/a%2fb",
        "/nothing",
        "/search",
        "/docs",
        "/"
      })
  void a_stranger_asks_for_everything_and_no_answer_says_what_is_behind(String path)
      throws IOException {
    RawClient stranger = new RawClient("127.0.0.1", server);
    for (String method : List.of("GET", "POST", "OPTIONS", "DELETE")) {
      String answer = stranger.send(method + " " + path + " HTTP/1.1");

      assertThat(answer).as("%s %s", method, path).doesNotContain(INSIDE);
      assertThat(answer).doesNotContain("Jetty", "Javalin", "\tat ", "0.1.0");
    }
  }

  @Test
  void probes_need_no_token() {
    Answer live = server.get("/health/live");

    assertThat(live.status()).isEqualTo(503);
    assertThat(live.response().body()).isEqualTo("{\"status\":\"down\"}");
    try (TestServer serving = new TestServer("http.token=" + TOKEN)) {
      assertThat(serving.get("/health/live").status()).isEqualTo(200);
      assertThat(serving.get("/health/ready").response().body()).isEqualTo("{\"status\":\"down\"}");
    }
  }

  @Test
  void on_the_loopback_without_a_token_everything_is_told() {
    try (TestServer open = new TestServer()) {
      assertThat(open.get("/health").json().at("/parts/qdrant/reason").asText())
          .contains("Qdrant at localhost:1");
    }
  }
}
