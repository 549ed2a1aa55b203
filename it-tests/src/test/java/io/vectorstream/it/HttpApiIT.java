package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.monitoring.Meters;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers of the API beside a running pipeline. */
@ExtendWith(SharedServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpApiIT {
  /** The queries without which a path is refused. */
  private static final Map<String, String> REQUIRED =
      Map.of("/search", "?q=shoes", "/recommendations/together", "?products=boots,lamp");

  private static final String TOKEN = "Plover-1357-token";
  private static final String READ_TOKEN = "Lapwing-2468-token";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final ObjectNode BOOTS =
      Shop.product("boots", "Hiking boots", "Waterproof, of leather", "Outdoor > Footwear", 129.5);
  private static final ObjectNode SHOES =
      Shop.product(
          "a/b 50%&ü", "Trail running shoes", "Light, with grip", "Outdoor > Footwear", 89);
  private static final ObjectNode MUG =
      Shop.product("mug", "Coffee mug", "Of stoneware", "Kitchen", 8);

  private final HttpClient client = HttpClient.newHttpClient();
  private Deployment deployment;
  private RunningPipeline pipeline;
  private final Meters meters = new Meters();
  private HttpServer server;

  @BeforeAll
  void start(Services services, @TempDir Path folder) {
    deployment =
        new Deployment(
            services,
            folder,
            "http.token=" + TOKEN,
            "http.read_token=" + READ_TOKEN,
            "kafka.replay_topics=no-such-topic");
    pipeline = deployment.start();
    deployment.send(
        Shop.event("view", "ada", BOOTS),
        Shop.event("add_to_cart", "ada", BOOTS),
        Shop.event("purchase", "ada", BOOTS).put("quantity", 2),
        Shop.event("view", "ada", SHOES),
        Shop.event("view", "bob/c", MUG));
    String topic = deployment.settings().kafka().topic();
    deployment.send(
        List.of(
            new ProducerRecord<>(topic, "{".getBytes(UTF_8)),
            new ProducerRecord<>(topic, new byte[] {'"', (byte) 0xff, '"'})));
    pipeline.awaitRecords(7);
    Settings settings = deployment.settings();
    server =
        HttpServer.start(
            settings,
            new ApiSources(settings, Optional.of(pipeline.pipeline()), meters::text),
            meters.registry());
    // A text is embedded right after its batch at the latest.
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> get("/search?q=shoes").json().path("results").size() == 3);
  }

  @AfterAll
  void stop() {
    try {
      if (server != null) {
        server.close();
      }
    } finally {
      meters.close();
      deployment.close();
    }
  }

  private record Answer(int status, String body) {
    JsonNode json() throws Exception {
      return JSON.readTree(body);
    }

    JsonNode results() throws Exception {
      assertThat(status).as(body).isEqualTo(200);
      return json().path("results");
    }
  }

  private Answer get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + READ_TOKEN));
  }

  private Answer replay(String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri("/dead-letters/replay"))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + server.port() + path);
  }

  private static List<String> ids(JsonNode results) {
    return results.findValues("product").stream().map(p -> p.path("id").asText()).toList();
  }

  @Test
  void a_search_in_events_finds_the_newest_ones_about_the_nearest_product() throws Exception {
    JsonNode results = get("/search?q=boots%20for%20hiking&in=events&limit=2").results();

    assertThat(results).hasSize(2);
    for (JsonNode result : results) {
      assertThat(result.at("/event/product/id").asText()).isEqualTo("boots");
      assertThat(result.has("product")).isFalse();
    }
    assertThat(Instant.parse(results.get(0).at("/event/timestamp").asText()))
        .isAfterOrEqualTo(Instant.parse(results.get(1).at("/event/timestamp").asText()));
    assertThat(get("/search?q=boots&in=shops").status()).isEqualTo(400);
  }

  @Test
  void a_search_finds_what_is_meant() throws Exception {
    JsonNode results = get("/search?q=something%20to%20drink%20tea%20from&limit=2").results();

    assertThat(ids(results)).hasSize(2).startsWith("mug");
    assertThat(results.get(0).path("product"))
        .isEqualTo(
            JSON.createObjectNode()
                .put("id", "mug")
                .put("name", "Coffee mug")
                .put("category", "Kitchen")
                .put("price", 8.0));
    assertThat(results.get(0).path("score").asDouble())
        .isGreaterThan(results.get(1).path("score").asDouble());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "category=footwear                  | 2",
        "category=Outdoor                   | 2",
        "category=%20KITCHEN                | 1",
        "category=gardening                 | 0",
        "max_price=89                       | 2",
        "min_price=89&max_price=89          | 1",
        "min_price=0.5e2&category=footwear  | 2",
        "min_price=1000                     | 0",
        "limit=1                            | 1",
        "limit=100                          | 3"
      })
  void a_search_keeps_to_its_filters(String filter, int found) throws Exception {
    assertThat(get("/search?q=shoes&" + filter).results()).hasSize(found);
  }

  @Test
  void recommendations_are_like_the_product_and_without_it() throws Exception {
    Answer answer = get("/recommendations/products/boots?limit=1");

    assertThat(ids(answer.results())).containsExactly("a/b 50%&ü");
    assertThat(answer.json().at("/for/product_id").asText()).isEqualTo("boots");
    assertThat(answer.json().path("strategy").asText()).isEqualTo("similar");
    assertThat(get("/recommendations/products/nothing").status()).isEqualTo(404);
  }

  @Test
  void recommendations_for_a_user_leave_out_what_was_bought_and_what_was_seen_unless_asked_for()
      throws Exception {
    Answer answer = get("/recommendations/users/ada?seen_again=true");

    assertThat(ids(answer.results())).doesNotContain("boots").startsWith("a/b 50%&ü");
    assertThat(ids(get("/recommendations/users/ada").results()))
        .doesNotContain("boots", "a/b 50%&ü");
    assertThat(get("/recommendations/users/ada?seen_again=yes").status()).isEqualTo(400);
    assertThat(answer.json().at("/for/user_id").asText()).isEqualTo("ada");
    assertThat(answer.json().path("strategy").asText()).isEqualTo("interest");
  }

  @Test
  void a_product_is_told_with_all_that_became_of_it() throws Exception {
    JsonNode boots = get("/products/boots").json();

    assertThat(boots.path("product").path("description").asText())
        .isEqualTo("Waterproof, of leather");
    assertThat(boots.at("/counts/purchase").asInt()).isEqualTo(1);
    assertThat(boots.at("/counts/view").asInt()).isEqualTo(1);
    assertThat(boots.path("revenue").asDouble()).isEqualTo(259);
    assertThat(Instant.parse(boots.path("first_seen").asText()))
        .isBefore(Instant.parse(boots.path("last_seen").asText()));
    assertThat(boots.path("has_embedding").asBoolean()).isTrue();
    assertThat(boots.path("embedding_pending").asBoolean()).isFalse();
    assertThat(boots.path("model").asText()).startsWith("all-MiniLM-L6-v2@");
    assertThat(boots.has("embedding_error")).isFalse();
  }

  @Test
  void an_id_may_have_any_character() throws Exception {
    String path = "/products/" + URLEncoder.encode("a/b 50%&ü", UTF_8).replace("+", "%20");

    assertThat(get(path).json().at("/product/name").asText()).isEqualTo("Trail running shoes");
    assertThat(get("/users/bob%2Fc").json().at("/counts/view").asInt()).isEqualTo(1);
    assertThat(get("/users/bob/c").status()).isEqualTo(404);
  }

  @Test
  void a_user_is_told_with_the_last_products_first() throws Exception {
    JsonNode ada = get("/users/ada").json();

    assertThat(ada.path("user_id").asText()).isEqualTo("ada");
    assertThat(ada.at("/counts/add_to_cart").asInt()).isEqualTo(1);
    assertThat(ada.path("last_products").findValuesAsText("product_id"))
        .containsExactly("a/b 50%&ü", "boots");
    assertThat(ada.path("has_interest").asBoolean()).isTrue();
    assertThat(get("/users/nobody").json().path("detail").asText())
        .isEqualTo("user 'nobody' has not been seen");
  }

  @Test
  void each_part_says_how_it_is_and_since_when() throws Exception {
    Answer first = get("/health");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.json().path("status").asText()).isEqualTo("up");
    Map<String, String> states = Map.of("pipeline", "running", "kafka", "up", "qdrant", "up");
    states.forEach(
        (part, state) -> {
          try {
            assertThat(first.json().at("/parts/" + part + "/state").asText()).isEqualTo(state);
            String since = first.json().at("/parts/" + part + "/since").asText();
            assertThat(Instant.parse(since)).isBefore(Instant.now());
            assertThat(get("/health").json().at("/parts/" + part + "/since").asText())
                .isEqualTo(since);
          } catch (Exception e) {
            throw new AssertionError(part, e);
          }
        });
    assertThat(first.json().at("/parts/embedding/reason").asText()).contains("OnnxRuntime");
    assertThat(get("/health/ready").status()).isEqualTo(200);
  }

  @Test
  void dead_letters_are_listed_and_replayed_once() throws Exception {
    JsonNode list = get("/dead-letters").json();
    assertThat(list.path("total").asInt()).isEqualTo(2);
    assertThat(list.path("by_reason"))
        .isEqualTo(JSON.createObjectNode().put("invalid_utf8", 1).put("not_json", 1));

    JsonNode one = get("/dead-letters?reason=not_json&since=1h&limit=5").json();
    assertThat(one.path("matching").asInt()).isEqualTo(1);
    assertThat(one.at("/records/0/value/content").asText()).isEqualTo("{");
    assertThat(one.at("/records/0/value/encoding").asText()).isEqualTo("utf-8");
    assertThat(
            get("/dead-letters?reason=invalid_utf8")
                .json()
                .at("/records/0/value/encoding")
                .asText())
        .isEqualTo("base64");

    JsonNode dry = replay("{\"reason\":[\"not_json\"],\"dry_run\":true}").json();
    assertThat(dry.path("due").asInt()).isEqualTo(1);
    assertThat(dry.path("replayed").asInt()).isZero();

    JsonNode done = replay("{\"reason\":[\"not_json\"]}").json();
    assertThat(done.path("replayed").asInt()).isEqualTo(1);
    assertThat(done.path("by_reason")).isEqualTo(JSON.createObjectNode().put("not_json", 1));
    // It still cannot be read, and is a dead letter again, which is due.
    pipeline.awaitRecords(8);
    JsonNode after = get("/dead-letters?reason=not_json").json();
    assertThat(after.path("matching").asInt()).isEqualTo(2);
    assertThat(after.path("replayed").asInt()).isEqualTo(1);
    assertThat(replay("{\"to_topic\":\"no-such-topic\"}").json().path("detail").asText())
        .contains("has no topic no-such-topic");
    assertThat(replay("{\"to_topic\":\"another-topic\"}").status()).isEqualTo(403);
  }

  @Test
  void every_documented_get_answers_with_the_fields_that_are_documented() throws Exception {
    JsonNode document = get("/openapi.json").json();
    List<String> called = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      JsonNode operation = path.getValue().path("get");
      if (operation.isMissingNode()) {
        continue;
      }
      String id = path.getKey().contains("users") ? "ada" : "boots";
      String asked = path.getKey().replace("{id}", id);
      Answer answer = get(asked + REQUIRED.getOrDefault(path.getKey(), ""));

      assertThat(answer.status()).as(asked).isEqualTo(200);
      String schema = operation.at("/responses/200/content/application~1json/schema/$ref").asText();
      if (!schema.isEmpty()) {
        JsonNode documented = document.at(schema.substring(1)).path("properties");
        assertThat(documented.fieldNames()).toIterable().as(asked).containsAll(fieldsOf(answer));
      }
      called.add(path.getKey());
    }
    assertThat(called).contains("/search", "/users/{id}", "/health/live", "/metrics", "/config");
  }

  private static List<String> fieldsOf(Answer answer) throws Exception {
    List<String> fields = new ArrayList<>();
    answer.json().fieldNames().forEachRemaining(fields::add);
    return fields;
  }
}
