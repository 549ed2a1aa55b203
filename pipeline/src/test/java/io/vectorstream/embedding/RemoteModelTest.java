package io.vectorstream.embedding;

import static io.vectorstream.embedding.EmbeddingTestParts.lowestCosine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.core.IntervalFunction;
import io.vectorstream.config.RemoteEmbedding;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model on a server, asked over HTTP for real. */
@Timeout(60)
class RemoteModelTest {
  private static final String OPENAI = "/v1/embeddings";
  private static final String TEI = "/embed";
  private static final String KEY = "sk-0123456789abcdef";
  private static final Duration SECONDS = Duration.ofSeconds(20);

  private EmbeddingServer server;

  @BeforeEach
  void start() throws IOException {
    server = new EmbeddingServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {OPENAI, TEI})
  void each_text_gets_the_servers_vector_in_both_forms(String path) {
    List<String> texts = texts(100);
    try (EmbeddingService service = open(path, SECONDS)) {
      assertThat(lowestCosine(service.embed(texts), expected(texts))).isGreaterThan(0.99999);
      assertThat(service.embedQuery("red shoes"))
          .containsExactly(service.embed(List.of("red shoes")).get(0));
      assertThat(service.dimension()).isEqualTo(32);
      assertThat(service.engine())
          .isEqualTo(new EngineInfo("Remote", "server", "as served", "a-model"));
      assertThat(service.description())
          .isEqualTo("embedding by the model a-model of the server " + server.url(path));
    }
  }

  @Test
  void texts_are_sent_in_batches_with_the_models_name_and_the_key() {
    try (EmbeddingService service = open(OPENAI, SECONDS)) {
      server.requests.clear();
      service.embed(texts(70));

      assertThat(server.requests)
          .extracting(request -> request.path("input").size())
          .containsExactlyInAnyOrder(16, 16, 16, 16, 6);
      assertThat(server.requests)
          .allSatisfy(request -> assertThat(request.path("model").asText()).isEqualTo("a-model"));
      assertThat(server.keys).containsOnly("Bearer " + KEY);
    }
  }

  @Test
  void text_embeddings_inference_is_asked_to_cut_long_texts() {
    try (EmbeddingService service = open(TEI, SECONDS)) {
      service.embed(List.of("red shoes"));

      assertThat(server.requests)
          .allSatisfy(request -> assertThat(request.path("truncate").asBoolean()).isTrue());
    }
  }

  @Test
  void products_and_searches_get_their_prompts() {
    Settings.Embedding settings = settings(OPENAI, SECONDS, "query: ", "passage: ", 0);
    try (EmbeddingService service = EmbeddingService.open(settings)) {
      server.requests.clear();
      service.embed(List.of("red shoes"));
      service.embedQuery("red shoes");

      assertThat(server.requests)
          .extracting(request -> request.path("input").path(0).asText())
          .containsExactly("passage: red shoes", "query: red shoes");
    }
  }

  @Test
  void vectors_are_shortened_and_have_the_length_one_again() {
    try (EmbeddingService service =
        EmbeddingService.open(settings(OPENAI, SECONDS, "auto", "auto", 8))) {
      float[] whole = EmbeddingServer.vector("red shoes", 1, 32);

      float[] vector = service.embed(List.of("red shoes")).get(0);

      assertThat(vector).hasSize(8);
      assertThat(EmbeddingTestParts.cosine(vector, Arrays.copyOf(whole, 8))).isGreaterThan(0.99999);
      double squares = 0;
      for (float value : vector) {
        squares += value * value;
      }
      assertThat(squares).isBetween(0.9999, 1.0001);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 529})
  void a_request_that_fails_in_passing_is_repeated(int status) {
    try (EmbeddingService service = open(OPENAI, SECONDS)) {
      server.requests.clear();
      server.failNext(1, status, "", "busy");

      assertThat(service.embed(List.of("red shoes")).get(0)).hasSize(32);
      assertThat(server.requests).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"seconds", "date"})
  void the_server_says_when_it_may_be_asked_again(String form) {
    try (EmbeddingService service = open(OPENAI, SECONDS)) {
      server.times.clear();
      String soon =
          form.equals("seconds")
              ? "1"
              : DateTimeFormatter.RFC_1123_DATE_TIME.format(
                  ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2));
      server.failNext(1, 429, soon, "too many requests");

      service.embed(List.of("red shoes"));

      assertThat(server.times).hasSize(2);
      assertThat(Duration.ofNanos(server.times.get(1) - server.times.get(0)))
          .isGreaterThan(Duration.ofMillis(900));
    }
  }

  @Test
  void a_server_that_wants_longer_than_there_is_patience_is_not_waited_for() {
    try (EmbeddingService service = open(OPENAI, SECONDS)) {
      server.failNext(1, 429, "3600", "the quota of this hour is used up");

      assertThatThrownBy(() -> service.embed(List.of("red shoes")))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageContaining("does not answer: status 429, the quota of this hour is used up");
      assertThat(service.outage()).hasValueSatisfying(why -> assertThat(why).contains("quota"));
    }
  }

  @Test
  void a_server_that_wants_no_requests_for_long_gets_none_and_nobody_hangs() {
    RemoteCalls calls =
        new RemoteCalls(remote(OPENAI, SECONDS), IntervalFunction.of(10), Duration.ofMillis(1));
    server.failNext(1, 429, "3600", "the quota of this hour is used up");
    assertThatThrownBy(() -> calls.send("{}")).isInstanceOf(ServerAwayException.class);

    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> calls.send("{}"))
                    .hasMessageContaining("it wants no requests for another"));
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void a_text_without_its_prompt_is_named_as_failed_or_waiting() {
    Settings.Embedding settings =
        settings(OPENAI, Duration.ofMillis(200), "query: ", "passage: ", 0);
    try (EmbeddingService service = EmbeddingService.open(settings)) {
      server.badText = "passage: text 1";
      assertThat(service.embedEach(texts(3)).failures())
          .singleElement()
          .satisfies(failed -> assertThat(failed.text()).isEqualTo("text 1"));
      server.failNext(1000, 503, "", "starting");
      assertThat(service.embedQueries(texts(2), SECONDS).left())
          .containsExactlyInAnyOrder("text 0", "text 1");
    }
  }

  @Test
  void a_text_that_the_server_does_not_take_fails_alone() {
    try (EmbeddingService service = open(OPENAI, SECONDS)) {
      server.badText = "text 7";

      EmbeddingService.Embedded embedded = service.embedEach(texts(10));

      assertThat(embedded.failures())
          .singleElement()
          .satisfies(
              failed -> {
                assertThat(failed.text()).isEqualTo("text 7");
                assertThat(failed.reason()).contains("status 400, this text is too long");
              });
      assertThat(embedded.vectors().stream().filter(vector -> vector != null)).hasSize(9);
    }
  }

  @Test
  void texts_of_a_server_that_is_away_wait_and_are_embedded_when_it_is_back() {
    RemoteEmbedding impatient = remote(OPENAI, Duration.ofMillis(300));
    RemoteModel model =
        new RemoteModel(
            impatient,
            0,
            new RemoteCalls(impatient, IntervalFunction.of(50), Duration.ofSeconds(1)),
            Duration.ofHours(1));
    try (EmbeddingService service =
        new EmbeddingService(
            settings(OPENAI, SECONDS, "auto", "auto", 0), new CodePoints(), model)) {
      server.failNext(1000, 503, "", "starting");

      EmbeddingService.Embedded away = service.embedEach(texts(40), SECONDS);

      assertThat(away.left()).hasSize(40);
      assertThat(away.failures()).isEmpty();
      // It is not asked for each text, nor for the next ones at once.
      int asked = server.requests.size();
      assertThat(service.embedEach(texts(50), SECONDS).left()).hasSize(50);
      assertThat(server.requests).hasSize(asked);
      // Who has no later is told.
      assertThatThrownBy(() -> service.embedEach(texts(3)))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageContaining("did not answer a moment ago");

      server.failures.clear();
      await()
          .untilAsserted(() -> assertThat(service.embedEach(texts(40), SECONDS).left()).isEmpty());
    }
  }

  @Test
  void a_server_that_does_not_answer_in_time_is_away() {
    RemoteEmbedding impatient = remote(OPENAI, Duration.ofMillis(200));
    server.close();

    assertThatThrownBy(() -> new RemoteModel(impatient, 0).identity(Prompts.NONE))
        .isInstanceOf(ServerAwayException.class)
        .hasMessageContaining("the embedding server " + impatient.url() + " does not answer");
  }

  @Test
  void an_answer_that_stops_in_its_middle_is_not_waited_for() {
    server.stalls = true;
    RemoteEmbedding impatient =
        new RemoteEmbedding(
            server.url(OPENAI),
            RemoteEmbedding.Api.AUTO,
            "a-model",
            new Secret(KEY),
            "",
            false,
            Duration.ofMillis(300),
            Duration.ofMillis(1),
            16,
            4);

    assertThatThrownBy(() -> new RemoteModel(impatient, 0).identity(Prompts.NONE))
        .isInstanceOf(ServerAwayException.class)
        .hasMessageContaining("does not answer: no complete answer within 300 ms");
  }

  private static void awaitAnotherModel(RemoteModel model, List<long[]> tokens) {
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> model.embed(tokens))
                    .isInstanceOf(ServerAwayException.class)
                    .hasMessageContaining("gives vectors of another model"));
  }

  @Test
  void a_model_that_is_exchanged_while_the_server_is_away_gives_no_vectors() {
    RemoteEmbedding impatient = remote(OPENAI, Duration.ofMillis(1));
    RemoteCalls calls = new RemoteCalls(impatient, IntervalFunction.of(1), Duration.ofMillis(1));
    RemoteModel model = new RemoteModel(impatient, 0, calls, Duration.ofHours(1));
    model.identity(Prompts.NONE);
    List<long[]> tokens = new CodePoints().tokenize(texts(3));
    assertThat(model.embed(tokens)).hasSize(3);

    server.failNext(1000, 503, "", "starting");
    assertThatThrownBy(() -> model.embed(tokens)).isInstanceOf(ServerAwayException.class);
    server.model = 2;
    server.failures.clear();
    awaitAnotherModel(model, tokens);
    assertThatThrownBy(() -> model.embedBeside(tokens.get(0)))
        .hasMessageContaining("gives vectors of another model");
    assertThat(model.outage()).hasValueSatisfying(why -> assertThat(why).contains("another model"));
    // It is known: no more texts are sent.
    int asked = server.requests.size();
    assertThatThrownBy(() -> model.embed(tokens)).isInstanceOf(ServerAwayException.class);
    assertThat(server.requests).hasSize(asked);
    model.close();
  }

  @Test
  void a_model_that_is_exchanged_in_passing_is_found_and_texts_wait_until_it_is_back() {
    RemoteEmbedding settings = remote(OPENAI, SECONDS);
    RemoteModel model =
        new RemoteModel(settings, 0, new RemoteCalls(settings), Duration.ofMillis(1));
    model.identity(Prompts.NONE);
    List<long[]> tokens = new CodePoints().tokenize(texts(3));
    server.model = 2;
    awaitAnotherModel(model, tokens);

    server.model = 1;
    await()
        .untilAsserted(
            () ->
                assertThat(lowestCosine(model.embed(tokens), expected(texts(3))))
                    .isGreaterThan(0.99999));
    assertThat(model.outage()).isEmpty();
    model.close();
  }

  @Test
  void a_model_that_was_asked_about_a_moment_ago_is_not_asked_about_again() {
    try (EmbeddingService service = open(OPENAI, SECONDS)) {
      server.requests.clear();
      service.embed(texts(3));
      service.embedQuery("red shoes");

      assertThat(server.requests).hasSize(2);
    }
  }

  @Test
  void a_wrong_key_is_told_at_once_and_is_never_shown() {
    server.failNext(100, 401, "", "{\"error\": {\"message\": \"wrong key " + KEY + "\"}}");

    EmbeddingException refused =
        catchThrowableOfType(EmbeddingException.class, () -> open(OPENAI, SECONDS));

    assertThat(refused)
        .hasMessageContaining("refuses the request: status 401, wrong key ******")
        .hasMessageContaining("expected a right embedding.remote.url, model and api_key");
    assertThat(server.requests).hasSize(1);
    assertThat(settings(OPENAI, SECONDS, "auto", "auto", 0).toString()).doesNotContain(KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>hello</html>",
        "{\"data\": []}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1, null]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": []}]}",
        "[[1.0, 2.0]]"
      })
  void an_answer_of_another_form_is_no_vector(String body) {
    RemoteForm form = new RemoteForm(remote(OPENAI, SECONDS));

    assertThatThrownBy(() -> form.vectors(body, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_server_that_changes_its_model_to_another_dimension_is_not_believed() {
    try (EmbeddingService service = open(OPENAI, SECONDS)) {
      server.dimension = 16;

      assertThatThrownBy(() -> service.embed(List.of("red shoes")))
          .hasMessageContaining("gives vectors of 16 numbers, and gave 32 before");
    }
  }

  @Test
  void the_identity_is_that_of_the_vectors() {
    ModelIdentity first = identity("auto", 0);
    server.noise = 0.002;
    ModelIdentity inHalfPrecision = identity("auto", 0);
    server.noise = 0;
    server.model = 2;
    ModelIdentity another = identity("auto", 0);

    assertThat(first.toString()).matches("a-model@probe-[0-9a-f]{32}-[0-9a-f]{8}");
    assertThat(first.made(inHalfPrecision.toString())).isTrue();
    assertThat(first.made(another.toString())).isFalse();
    assertThat(first.made("a-model")).isFalse();
    server.model = 1;
    assertThat(first.made(identity("query: ", 0).toString())).isFalse();
    assertThat(first.made(identity("auto", 8).toString())).isFalse();
  }

  private ModelIdentity identity(String queryPrompt, int dimensions) {
    return PlainModel.identityOf(settings(TEI, SECONDS, queryPrompt, "auto", dimensions));
  }

  @Test
  void waits_grow_and_requests_rest_after_a_failure_for_good() {
    RemoteCalls calls =
        new RemoteCalls(
            remote(OPENAI, Duration.ofMillis(100)), IntervalFunction.of(10), Duration.ofHours(1));
    server.failNext(1000, 500, "", "broken");

    assertThatThrownBy(() -> calls.send("{}")).isInstanceOf(ServerAwayException.class);
    int asked = server.requests.size();
    assertThat(asked).isGreaterThan(1);
    assertThatThrownBy(() -> calls.send("{}")).hasMessageContaining("a moment ago");
    assertThat(server.requests).hasSize(asked);
  }

  private EmbeddingService open(String path, Duration retryFor) {
    return EmbeddingService.open(settings(path, retryFor, "auto", "auto", 0));
  }

  private Settings.Embedding settings(
      String path, Duration retryFor, String query, String document, int dimensions) {
    return EmbeddingTestParts.settings(
        Settings.Embedding.REMOTE, "auto", query, document, dimensions, remote(path, retryFor));
  }

  private RemoteEmbedding remote(String path, Duration retryFor) {
    return new RemoteEmbedding(
        server.url(path),
        RemoteEmbedding.Api.AUTO,
        "a-model",
        new Secret(KEY),
        "",
        false,
        Duration.ofSeconds(5),
        retryFor,
        16,
        4);
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
  }

  private static List<float[]> expected(List<String> texts) {
    return texts.stream().map(text -> EmbeddingServer.vector(text, 1, 32)).toList();
  }
}
