package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Status;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.VectorsFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import io.vectorstream.config.Tracing;
import io.vectorstream.trace.Trace;
import io.vectorstream.trace.Traces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spans of calls to a server, some of which it refuses. */
class TracedCallsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /** Returns the spans of the calls; the last is the trace's root. */
  private List<JsonNode> spans(Settings.Qdrant settings, Consumer<VectorStore> calls)
      throws IOException {
    Path file = folder.resolve("traces.jsonl");
    try (Traces traces =
        Traces.open(
            new Tracing("", new Secret(""), "", file.toString(), Duration.ZERO),
            "shop",
            "driver")) {
      Trace trace = traces.begin("process clicks", Instant.now());
      try (VectorStore store = VectorStore.connectForWork(settings);
          Trace.Work entered = trace.enter()) {
        calls.accept(store);
      }
      trace.end(Instant.now());
    }
    List<JsonNode> spans = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JSON.readTree(line).at("/resourceSpans/0/scopeSpans/0/spans").forEach(spans::add);
    }
    return spans;
  }

  private static String attribute(JsonNode span, String name) {
    return StreamSupport.stream(span.path("attributes").spliterator(), false)
        .filter(attribute -> attribute.path("key").asText().equals(name))
        .map(attribute -> attribute.path("value").elements().next().asText())
        .findFirst()
        .orElse("");
  }

  @Test
  void a_call_that_was_refused_at_first_shows_its_tries() throws IOException {
    try (ScriptedQdrant qdrant =
        new ScriptedQdrant()
            .failsWith(Status.UNAVAILABLE.withDescription("the point of Ada"))
            .failsWith(Status.RESOURCE_EXHAUSTED)) {
      Settings.Qdrant settings = qdrant.settings("qdrant.api_key=Plover-4321-key");
      List<JsonNode> spans = spans(settings, VectorStore::countEvents);

      assertThat(spans).hasSize(2);
      JsonNode call = spans.get(0);
      assertThat(call.path("name").asText()).isEqualTo("Count events");
      assertThat(call.path("kind").asInt()).as("a client's").isEqualTo(3);
      assertThat(call.path("parentSpanId")).isEqualTo(spans.get(1).path("spanId"));
      assertThat(call.path("events").findValuesAsText("name")).containsExactly("retry", "retry");
      assertThat(call.path("events").findValuesAsText("stringValue"))
          .containsExactly("UNAVAILABLE", "RESOURCE_EXHAUSTED");
      assertThat(call.at("/status/code").asInt()).as("no error in the end").isNotEqualTo(2);
      assertThat(attribute(call, "db.system.name")).isEqualTo("qdrant");
      assertThat(attribute(call, "db.operation.name")).isEqualTo("Count");
      assertThat(attribute(call, "db.collection.name")).isEqualTo("events");
      assertThat(attribute(call, "server.port")).isEqualTo(String.valueOf(settings.port()));
      assertThat(spans.toString()).doesNotContain("Ada", "Plover");
    }
  }

  @Test
  void a_call_that_fails_for_good_is_an_error_without_the_servers_words() throws IOException {
    try (ScriptedQdrant qdrant =
        new ScriptedQdrant()
            .failsWith(Status.INVALID_ARGUMENT.withDescription("the point of Ada"))) {
      List<JsonNode> spans =
          spans(
              qdrant.settings(),
              store ->
                  assertThatThrownBy(store::countEvents).hasMessageContaining("the point of Ada"));

      JsonNode call = spans.get(0);
      assertThat(call.at("/status/code").asInt()).isEqualTo(2);
      assertThat(attribute(call, "error.type")).isEqualTo("INVALID_ARGUMENT");
      assertThat(attribute(call, "db.response.status_code")).isEqualTo("INVALID_ARGUMENT");
      assertThat(call.has("events") && !call.path("events").isEmpty()).as("retries").isFalse();
      assertThat(spans.toString()).doesNotContain("Ada");
    }
  }

  @Test
  void the_number_of_points_is_told_and_nothing_of_them() throws IOException {
    try (ScriptedQdrant qdrant = new ScriptedQdrant()) {
      List<PointId> ids = List.of(PointIdFactory.id(1234567), PointIdFactory.id(2));
      UpsertPoints.Builder upsert = UpsertPoints.newBuilder().setCollectionName("users");
      for (PointId id : ids) {
        upsert.addPoints(
            PointStruct.newBuilder()
                .setId(id)
                .setVectors(VectorsFactory.vectors(0.5f))
                .putPayload("user_id", Payload.text("Ada")));
      }
      // The server knows neither call, and is asked all the same.
      List<JsonNode> spans =
          spans(
              qdrant.settings(),
              store -> {
                assertThatThrownBy(() -> store.upsert(upsert)).isInstanceOf(StoreException.class);
                assertThatThrownBy(
                        () ->
                            store.await(
                                store.retrieve(
                                    "products",
                                    ids.subList(0, 1),
                                    WithPayloadSelectorFactory.enable(true),
                                    WithVectorsSelectorFactory.enable(false))))
                    .isInstanceOf(StoreException.class);
              });

      assertThat(spans)
          .extracting(span -> span.path("name").asText())
          .startsWith("Upsert users")
          .contains("process clicks");
      assertThat(attribute(spans.get(0), "vectorstream.points")).isEqualTo("2");
      assertThat(attribute(spans.get(0), "db.operation.batch.size")).isEqualTo("2");
      assertThat(spans.toString()).doesNotContain("Ada", "1234567");
    }
  }
}
