package io.vectorstream.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vectorstream.http.TestServer.Answer;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.Health.State;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.monitoring.PipelineStatus;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong requests by users and by other clients. */
class HttpServerTest {
  private static final String TOKEN = "Dunnock-9753-token";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "/search                          | q is missing: What to look for.",
        "/search?q=                       | q is blank",
        "/search?q=%20%09                 | q is blank",
        "/search?q=a%00b                  | q has a control character",
        "/search?q=%ff                    | expected UTF-8",
        "/search?q=a&q=b                  | q is given 2 times",
        "/search?q=a&limit=0              | limit is '0'; expected a whole number from 1 to 100",
        "/search?q=a&limit=101            | limit is '101'",
        "/search?q=a&limit=abc            | limit is 'abc'",
        "/search?q=a&limit=99999999999    | limit is '99999999999'",
        "/search?q=a&limit=1.0            | limit is '1.0'",
        "/search?q=a&min_price=NaN        | min_price is 'NaN'; expected a number of 0 or more",
        "/search?q=a&min_price=-1         | min_price is '-1'",
        "/search?q=a&max_price=Infinity   | max_price is 'Infinity'",
        "/search?q=a&max_price=1e999      | max_price is '1e999'",
        "/search?q=a&max_price=0x1p3      | max_price is '0x1p3'",
        "/search?q=a&max_price=7d         | max_price is '7d'",
        "/search?q=a&min_price=9&max_price=8 | min_price is 9.0; expected max_price, which is 8.0,"
            + " or less",
        "/search?q=a&category=            | category is blank",
        "/search?q=a&in=shops            | in is 'shops'; expected products or events",
        "/search?q=a&sort=price           | sort is not a parameter of /search; expected q, in,"
            + " category",
        "/config?secrets=true             | secrets is not a parameter of /config; expected none",
        "/dead-letters?reason=rude        | reason is 'rude'; expected empty or invalid_utf8",
        "/dead-letters?since=never        | since is 'never'; expected ISO-8601",
        "/dead-letters?since=1h&until=2h  | expected before until",
        "/dead-letters?from_offset=2&to_offset=1 | from_offset is 2; expected to_offset or less",
        "/dead-letters?partition=-1       | partition is '-1'"
      })
  void wrong_parameters_are_refused_naming_them(String path, String expected) {
    Answer answer = server.get(path);

    assertThat(answer.status()).isEqualTo(400);
    assertProblem(answer, path.replaceAll("[?].*", ""));
    assertThat(answer.detail()).contains(expected);
  }

  @Test
  void everything_that_is_wrong_is_told_at_once() {
    Answer answer = server.get("/search?limit=0&max_price=no&colour=red");

    assertThat(answer.json().path("errors").findValuesAsText("parameter"))
        .containsExactly("q", "max_price", "limit", "colour");
  }

  @Test
  void a_query_may_be_long_but_not_endless() {
    assertThat(server.get("/search?q=" + "a".repeat(1001)).detail())
        .contains("q has 1,001 characters; expected 1,000 at most");
    // The store does not answer; only valid requests ask it.
    assertThat(server.get("/search?limit=100&q=" + "%F0%9F%A5%BE".repeat(1000)).status())
        .isEqualTo(503);
  }

  /** Events may have such ids. */
  @ParameterizedTest
  @ValueSource(strings = {"/products/%20", "/users/%20", "/recommendations/users/%20%20"})
  void an_id_of_blanks_is_an_id(String path) {
    assertThat(server.get(path).status()).isEqualTo(503);
  }

  @Test
  void a_store_that_does_not_answer_is_told_and_not_waited_for() {
    Answer answer = server.get("/products/mug");

    assertThat(answer.status()).isEqualTo(503);
    assertProblem(answer, "/products/mug");
    assertThat(answer.detail()).contains("Qdrant at localhost:1");
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void what_is_not_there_is_a_problem_too() {
    Answer answer = server.get("/nothing?a=b");

    assertThat(answer.status()).isEqualTo(404);
    assertProblem(answer, "/nothing");
    assertThat(answer.detail()).contains("nothing at '/nothing'; /docs shows what there is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"})
  void a_method_that_is_not_for_the_path_is_told_which_are(String method) {
    Answer answer =
        server.send(server.request("/search?q=a").method(method, BodyPublishers.noBody()));

    assertThat(answer.status()).isIn(405, 400);
    assertProblem(answer, answer.json().path("instance").asText());
    if (answer.status() == 405) {
      assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }
  }

  @Test
  void options_says_what_may_be_done() {
    Answer answer =
        server.send(
            server.request("/dead-letters/replay").method("OPTIONS", BodyPublishers.noBody()));

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Allow")).isEqualTo("POST, OPTIONS");
    assertThat(answer.response().headers().map().keySet())
        .noneMatch(name -> name.toLowerCase().startsWith("access-control"));
  }

  @Test
  void head_answers_as_get_does_without_the_body() {
    Answer head = server.send(server.request("/search").method("HEAD", BodyPublishers.noBody()));

    assertThat(head.status()).isEqualTo(400);
    assertThat(head.response().body()).isEmpty();
    assertThat(head.header("Content-Length"))
        .isEqualTo(server.get("/search").header("Content-Length"));
  }

  @Test
  void headers_beyond_all_measure_are_refused() {
    Answer answer = server.get("/health/live", "X-Long", "a".repeat(20_000));

    assertThat(answer.status()).isEqualTo(431);
    assertProblem(answer, "/health/live");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/search?q=%zz", "/search?q=a%", "/products/a%00b", "/products/%ff"})
  void what_no_client_would_encode_so_is_refused(String path) throws Exception {
    assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json")
        .doesNotContain("Exception", "badMessage");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/docs/..%2f..%2f..%2fetc/passwd",
        "/docs/%2e%2e/web/index.html",
        "/echarts/../../../../../log4j2.xml",
        "/echarts/%5c..%5c..%5clog4j2.xml",
        "/..;/vectorstream.yaml",
        "/%c0%ae%c0%ae/vectorstream.yaml",
        "//etc/passwd",
        "/docs//etc/passwd"
      })
  void no_path_leads_out_of_the_files_that_are_served(String path) throws Exception {
    String answer =
        raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*");
    assertThat(answer).contains("application/problem+json").doesNotContain("root:", "kafka:");
  }

  @Test
  void what_is_not_http_is_refused_in_one_line() throws Exception {
    assertThat(raw("NONSENSE\r\n\r\n")).contains(" 400 ", "application/problem+json");
    assertThat(raw("GET / HTTP/1.1\r\n\r\n")).contains(" 400 ");
  }

  /** Sends exactly these bytes, which no client library would. */
  private static String raw(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void files_are_served_with_a_policy_that_lets_nothing_from_elsewhere_in() {
    for (String path :
        new String[] {
          "/", "/docs", "/docs/start.js", "/docs/swagger-ui.css", "/echarts/echarts.common.min.js"
        }) {
      Answer answer = server.get(path);

      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.header("Content-Security-Policy")).contains("default-src 'self'");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("ETag")).as(path).isNotEmpty();
      assertThat(server.get(path, "If-None-Match", answer.header("ETag")).status())
          .as(path)
          .isEqualTo(304);
    }
    assertThat(
            server
                .get("/docs/swagger-ui.css", "Accept-Encoding", "gzip")
                .header("Content-Encoding"))
        .isEqualTo("gzip");
  }

  @Test
  void the_documentation_is_made_of_our_own_files() {
    Answer page = server.get("/docs");

    assertThat(page.response().body()).doesNotContain("http:", "https:", "//");
    assertThat(server.get("/docs/start.js").response().body())
        .contains("/openapi.json", "validatorUrl: null")
        .doesNotContain("http:", "https:");
  }

  @Test
  void requests_are_counted_by_route_and_not_by_path() {
    server.get("/products/one-of-very-many");
    server.get("/made/up");
    server.get("/");

    String metrics = server.get("/metrics").response().body();

    assertThat(metrics)
        .contains(
            "vectorstream_http_requests_seconds_count{method=\"GET\",route=\"/products/{id}\",status=\"503\"}",
            "route=\"none\",status=\"404\"",
            "route=\"page\",status=\"200\"")
        .doesNotContain("one-of-very-many", "made/up");
  }

  @Test
  void what_should_not_have_happened_is_in_the_log_and_not_in_the_answer() {
    for (Throwable fault :
        List.of(new IllegalStateException("the password is 4711"), new StackOverflowError())) {
      Supplier<String> broken =
          () -> {
            throw sneaky(fault);
          };
      try (TestServer faulty = new TestServer(Optional.empty(), Optional.of(broken))) {
        Answer answer = faulty.get("/metrics");

        assertThat(answer.status()).isEqualTo(500);
        assertProblem(answer, answer.json().path("instance").asText());
        assertThat(answer.json().path("id").asText()).matches("[0-9a-f-]{36}");
        assertThat(answer.response().body()).doesNotContain("4711", "StackOverflow");
        assertThat(faulty.get("/health/live").status()).isEqualTo(200);
      }
    }
  }

  @SuppressWarnings("unchecked") // unchecked is the point
  private static <E extends Throwable> RuntimeException sneaky(Throwable fault) throws E {
    throw (E) fault;
  }

  @Test
  void a_request_in_hand_is_answered_before_the_server_stops() throws Exception {
    // A store that takes the request, and never answers.
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      TestServer stopped =
          new TestServer(
              "http.timeout=1s",
              "http.max_concurrent=1",
              "qdrant.host=127.0.0.1",
              "qdrant.port=" + silent.getLocalPort());
      CompletableFuture<Answer> inHand =
          CompletableFuture.supplyAsync(() -> stopped.get("/products/mug"));
      await().until(() -> stopped.get("/products/mug").status() == 429 || inHand.isDone());

      int port = stopped.server().port();
      stopped.close();

      assertThat(inHand.join().status()).isEqualTo(503);
      assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void a_port_that_is_taken_names_the_setting() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> new TestServer("http.port=" + taken.getLocalPort()).close())
          .isInstanceOf(HttpServerException.class)
          .hasMessageStartingWith("http.port: port " + taken.getLocalPort())
          .hasMessageContaining("is taken");
    }
  }

  @Test
  void an_address_of_another_machine_names_the_setting() {
    assertThatThrownBy(() -> new TestServer("http.host=192.0.2.1", "http.token=" + TOKEN).close())
        .isInstanceOf(HttpServerException.class)
        .hasMessage("http.host: '192.0.2.1' is no address of this machine");
  }

  @Test
  void more_than_may_be_asked_at_a_time_is_told_to_come_again() throws Exception {
    // A store that takes the request, and never answers.
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        TestServer busy =
            new TestServer(
                "http.max_concurrent=1",
                "http.timeout=2s",
                "qdrant.host=127.0.0.1",
                "qdrant.port=" + silent.getLocalPort())) {
      CompletableFuture<Answer> first =
          CompletableFuture.supplyAsync(() -> busy.get("/products/mug"));

      await().until(() -> busy.get("/products/mug").status() == 429);

      Answer second = busy.get("/products/mug");
      assertThat(second.status()).isEqualTo(429);
      assertProblem(second, "/products/mug");
      assertThat(second.header("Retry-After")).isEqualTo("1");
      // Requests that use no other service are answered under any load.
      assertThat(busy.get("/health/live").status()).isEqualTo(200);
      assertThat(first.join().status()).isEqualTo(503);
      assertThat(busy.get("/products/mug?limit=1").status()).isEqualTo(400);
    }
  }

  @Test
  void of_two_replays_at_a_time_the_later_one_is_refused() throws Exception {
    // A Kafka that takes the request, and never answers.
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        TestServer busy =
            new TestServer(
                "http.token=" + TOKEN,
                "http.timeout=2s",
                "kafka.bootstrap_servers=127.0.0.1:" + silent.getLocalPort())) {
      CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> replay(busy));
      // The first one is under way when it has connected; otherwise the later one could be first.
      try (Socket connected = silent.accept()) {
        Answer later = replay(busy);

        assertThat(connected.isConnected()).isTrue();
        assertThat(later.status()).isEqualTo(409);
        assertThat(later.detail())
            .isEqualTo("another replay is under way; try again when it has ended");
      }
      assertThat(first.join().status()).isEqualTo(503);
      assertThat(first.join().detail()).contains("Kafka at 127.0.0.1:" + silent.getLocalPort());
    }
  }

  private static Answer replay(TestServer server) {
    return server.post("/dead-letters/replay", "{}", "Authorization", "Bearer " + TOKEN);
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void live_and_ready_say_what_the_pipeline_does(State state) {
    Health health = new Health(state, Instant.EPOCH, "because", 0);
    try (TestServer piped = new TestServer(Optional.of(startingWith(health)))) {
      boolean isLive = state != State.FAILED && state != State.STOPPED;
      boolean isReady = state == State.RUNNING || state == State.DELAYED;

      assertThat(piped.get("/health/live").status()).isEqualTo(isLive ? 200 : 503);
      Answer ready = piped.get("/health/ready");
      assertThat(ready.status()).isEqualTo(isReady ? 200 : 503);
      assertThat(ready.json().path("reason").asText())
          .isEqualTo(isReady ? "" : state.name().toLowerCase() + ": because");
    }
  }

  private static ObservedPipeline startingWith(Health health) {
    return new ObservedPipeline() {
      @Override
      public Health health() {
        return health;
      }

      @Override
      public Optional<PipelineStatus> status() {
        return Optional.empty();
      }
    };
  }

  @Test
  void the_status_of_a_pipeline_is_there_once_it_has_started() {
    assertThat(server.get("/stats/pipeline").status()).isEqualTo(404);
    Health starting = new Health(State.STARTING, Instant.EPOCH, "", 0);
    try (TestServer piped = new TestServer(Optional.of(startingWith(starting)))) {
      assertThat(piped.get("/stats/pipeline").status()).isEqualTo(503);
    }
  }

  @Test
  void without_a_pipeline_ready_is_whether_the_store_answers() {
    Answer ready = server.get("/health/ready");

    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.json().path("reason").asText()).contains("Qdrant at localhost:1");
    assertThat(server.get("/health/live").status()).isEqualTo(200);
  }

  static void assertProblem(Answer answer, String path) {
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.json().path("type").asText()).isEqualTo("about:blank");
    assertThat(answer.json().path("title").asText()).isNotEmpty();
    assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
    assertThat(answer.detail()).isNotEmpty();
    assertThat(answer.json().path("instance").asText()).isEqualTo(path);
    assertThat(answer.response().body()).doesNotContain("\tat ", "Exception");
  }
}
