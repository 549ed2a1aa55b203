package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.monitoring.BatchReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The traces of a pipeline's batches, of which one has to wait for the store. */
@ExtendWith(SharedServices.class)
class TracesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The driver and its tasks read their clocks on their own, and reports have milliseconds. */
  private static final long CLOCKS_NANOS = 20_000_000;

  /** So many that the vectors of their points are several times longer than any other call. */
  private static final int USERS = 120;

  private static final ObjectNode KETTLE =
      Shop.product("kettle-4711", "Whistling kettle", "Boils a litre of water", "Kitchen", 19.9);

  private record Span(
      String trace,
      String id,
      String parent,
      String name,
      long startNanos,
      long endNanos,
      JsonNode node,
      Map<String, String> attributes) {

    static Span of(JsonNode node) {
      Map<String, String> attributes = new HashMap<>();
      for (JsonNode attribute : node.path("attributes")) {
        JsonNode value = attribute.path("value").elements().next();
        attributes.put(
            attribute.path("key").asText(),
            value.isValueNode() ? value.asText() : value.toString());
      }
      return new Span(
          node.path("traceId").asText(),
          node.path("spanId").asText(),
          node.path("parentSpanId").asText(),
          node.path("name").asText(),
          node.path("startTimeUnixNano").asLong(),
          node.path("endTimeUnixNano").asLong(),
          node,
          attributes);
    }

    boolean isCall() {
      return "qdrant".equals(attributes.get("db.system.name"));
    }
  }

  @Test
  void a_batch_has_a_trace_of_its_steps_and_calls_and_of_nobody(
      Services services, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("traces.jsonl");
    List<BatchReport> reports;
    Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
    try (deployment;
        FaultProxy qdrant = new FaultProxy(0)) {
      qdrant.target(services.qdrantHost(), services.qdrantPort());
      deployment.send(
          Shop.event("purchase", "ada-lovelace", KETTLE),
          Shop.event("view", "grace-hopper", KETTLE),
          Shop.event("search", "ada-lovelace", null).put("search_query", "something for tea"));
      deployment.send(
          List.of(
              new ProducerRecord<>(
                  deployment.settings().kafka().topic(), "hidden words".getBytes(UTF_8))));
      try (RunningPipeline pipeline =
          deployment.start(
              "tracing.file=" + file, "qdrant.host=127.0.0.1", "qdrant.port=" + qdrant.port())) {
        pipeline.awaitRecords(4);
        // No call is as long but the writes of a batch.
        qdrant.cutAfter(50_000, FaultProxy.Direction.TO_SERVER);
        deployment.send(
            IntStream.range(0, USERS)
                .mapToObj(user -> Shop.event("view", "ada-lovelace-" + user, KETTLE))
                .toArray(ObjectNode[]::new));
        pipeline.awaitRecords(4 + USERS);
        pipeline.stop();
        reports = pipeline.batches();
      }
    }

    String text = Files.readString(file);
    assertThat(text)
        .doesNotContain("ada-lovelace", "grace-hopper", "kettle-4711", "Whistling", "for tea")
        .doesNotContain("hidden words", "session-of");
    Map<String, List<Span>> traces = spans(text).stream().collect(groupingBy(Span::trace));
    assertThat(traces).as("a trace of each batch").hasSameSizeAs(reports);
    for (List<Span> trace : traces.values()) {
      assertThatPartsLieWithinTheirWhole(trace);
    }
    for (BatchReport report : reports) {
      List<Span> trace =
          traces.values().stream()
              .filter(
                  spans ->
                      root(spans).attributes().get("vectorstream.batch").equals("" + report.id()))
              .findFirst()
              .orElseThrow();
      assertThatItSaysWhatTheReportSays(root(trace), report);
      assertThatStepsAreThere(trace);
    }
    assertThat(spans(text).stream().filter(span -> span.node().path("events").size() > 0))
        .as("calls that were tried again")
        .isNotEmpty()
        .allSatisfy(
            call -> {
              assertThat(call.isCall()).isTrue();
              assertThat(call.attributes()).containsKey("vectorstream.failed_tries");
              assertThat(call.node().path("events").findValuesAsText("name")).containsOnly("retry");
              assertThat(call.node().path("events").findValuesAsText("stringValue"))
                  .containsOnly("UNAVAILABLE");
            });
    assertThat(spans(text)).extracting(Span::name).contains("dead letters");
  }

  private static List<Span> spans(String text) throws IOException {
    List<Span> spans = new ArrayList<>();
    for (String line : text.split("\n")) {
      for (JsonNode resource : JSON.readTree(line).path("resourceSpans")) {
        for (JsonNode scope : resource.path("scopeSpans")) {
          scope.path("spans").forEach(span -> spans.add(Span.of(span)));
        }
      }
    }
    return spans;
  }

  private static Span root(List<Span> trace) {
    List<Span> roots = trace.stream().filter(span -> span.parent().isEmpty()).toList();
    assertThat(roots).as("roots").hasSize(1);
    return roots.get(0);
  }

  private static void assertThatPartsLieWithinTheirWhole(List<Span> trace) {
    Map<String, Span> byId = trace.stream().collect(toMap(Span::id, Function.identity()));
    for (Span span : trace) {
      assertThat(span.endNanos()).as(span.name()).isGreaterThanOrEqualTo(span.startNanos());
      if (!span.parent().isEmpty()) {
        Span parent = byId.get(span.parent());
        assertThat(parent).as("the parent of " + span.name()).isNotNull();
        assertThat(span.startNanos())
            .as(span.name() + " in " + parent.name())
            .isBetween(parent.startNanos() - CLOCKS_NANOS, parent.endNanos() + CLOCKS_NANOS);
        assertThat(span.endNanos())
            .as(span.name() + " in " + parent.name())
            .isLessThanOrEqualTo(parent.endNanos() + CLOCKS_NANOS);
      }
    }
  }

  private static void assertThatItSaysWhatTheReportSays(Span root, BatchReport report) {
    assertThat(root.name()).startsWith("process it-");
    assertThat(root.attributes())
        .containsEntry("messaging.system", "kafka")
        .containsEntry("messaging.batch.message_count", "" + report.records())
        .containsEntry("vectorstream.stored", "" + report.stored())
        .containsEntry("vectorstream.dead_lettered", "" + report.deadLettered())
        .containsEntry("vectorstream.duration_ms", "" + report.duration().toMillis())
        .containsEntry("vectorstream.parse_ms", "" + report.phases().parse().toMillis())
        .containsKeys("vectorstream.offsets", "vectorstream.spark.addBatch_ms");
    assertThat(root.endNanos() / 1_000_000).isEqualTo(report.endedAt().toEpochMilli());
  }

  private static void assertThatStepsAreThere(List<Span> trace) {
    Map<String, Span> byId = trace.stream().collect(toMap(Span::id, Function.identity()));
    Span root = root(trace);
    assertThat(trace)
        .filteredOn(span -> span.parent().equals(root.id()))
        .extracting(Span::name)
        .contains(
            "wait",
            "ledger begin",
            "events",
            "ledger count",
            "products",
            "pairs",
            "users",
            "activity");
    for (String step : List.of("events", "products", "users")) {
      assertThat(trace)
          .as("calls of tasks of " + step)
          .anySatisfy(
              call -> {
                assertThat(call.isCall()).isTrue();
                assertThat(call.name()).startsWith("Upsert it-").endsWith("-" + step);
                assertThat(call.attributes()).containsKeys("vectorstream.points", "server.port");
                Span task = byId.get(call.parent());
                assertThat(task.name()).isEqualTo("task");
                assertThat(task.attributes()).containsKey("spark.stage.id");
                assertThat(byId.get(task.parent()).name()).isEqualTo(step);
              });
    }
    assertThat(trace)
        .filteredOn(span -> span.name().equals("parse"))
        .singleElement()
        .satisfies(parse -> assertThat(byId.get(parse.parent()).name()).isEqualTo("events"));
    assertThat(trace).extracting(Span::name).contains("embed");
  }
}
