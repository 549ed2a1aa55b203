package io.vectorstream.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Tracing;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TracesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /** A collector that takes what comes, as OTLP's protocol says. */
  private static final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<ExportTraceServiceRequest> taken = new LinkedBlockingQueue<>();
    private final AtomicReference<String> authorization = new AtomicReference<>();

    Collector() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/v1/traces",
          exchange -> {
            authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
            taken.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.close();
          });
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<io.opentelemetry.proto.trace.v1.Span> spans() {
      return taken.stream()
          .flatMap(request -> request.getResourceSpansList().stream())
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .toList();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  /** An exporter that keeps what it is given until it may go on. */
  private static final class Kept implements SpanExporter {
    private final List<SpanData> spans = new ArrayList<>();
    private final CountDownLatch open;

    Kept(CountDownLatch open) {
      this.open = open;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> given) {
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      spans.addAll(given);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private static Tracing to(String endpoint, String authorization, String file) {
    return new Tracing(endpoint, new Secret(authorization), "", file, Duration.ZERO);
  }

  private static void oneTrace(Traces traces) {
    Instant start = Instant.now();
    Trace trace = traces.begin("process clicks", start).with("vectorstream.batch", 7);
    try (Trace.Work entered = trace.enter();
        Step step = Step.begin("products")) {
      StoreCall call = StoreCall.begin();
      call.trying(
          () -> {
            StoreCall.current().asks("Upsert", "products", 3);
            return null;
          });
      call.retries(1, "UNAVAILABLE", Duration.ofMillis(200));
      call.end("INTERNAL");
      assertThatThrownBy(
              () ->
                  Step.of(
                      "embed",
                      () -> {
                        throw new IllegalStateException("Ada's search");
                      }))
          .hasMessage("Ada's search");
    }
    trace.end(Instant.now());
  }

  @Test
  void a_collector_gets_each_step_below_its_parent_and_the_authorization() throws IOException {
    try (Collector collector = new Collector()) {
      try (Traces traces =
          Traces.open(to(collector.address(), "Bearer Plover-4321", ""), "shop", "driver")) {
        oneTrace(traces);
      }
      List<io.opentelemetry.proto.trace.v1.Span> spans = collector.spans();
      assertThat(spans)
          .extracting(io.opentelemetry.proto.trace.v1.Span::getName)
          .containsExactly("Upsert products", "embed", "products", "process clicks");
      var call = spans.get(0);
      var step = spans.get(2);
      var root = spans.get(3);
      assertThat(root.getParentSpanId().isEmpty()).isTrue();
      assertThat(step.getParentSpanId()).isEqualTo(root.getSpanId());
      assertThat(call.getParentSpanId()).isEqualTo(step.getSpanId());
      assertThat(spans.get(1).getParentSpanId()).isEqualTo(step.getSpanId());
      assertThat(call.getStartTimeUnixNano()).isBetween(step.getStartTimeUnixNano(), now());
      assertThat(call.getEndTimeUnixNano())
          .isBetween(call.getStartTimeUnixNano(), step.getEndTimeUnixNano());
      assertThat(call.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(call.getEvents(0).getName()).isEqualTo("retry");
      assertThat(call.toString())
          .contains("db.system.name", "qdrant", "db.collection.name", "db.operation.batch.size");
      assertThat(spans.get(1).getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(spans.get(1).toString())
          .contains("java.lang.IllegalStateException")
          .doesNotContain("Ada");
      assertThat(collector.taken.peek().getResourceSpans(0).getResource().toString())
          .contains("service.name", "shop", "vectorstream.process", "driver");
      assertThat(collector.authorization).hasValue("Bearer Plover-4321");
    }
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  @Test
  void each_line_of_a_file_is_a_request_of_otlp_in_json() throws IOException {
    Path file = folder.resolve("new/traces.jsonl");
    for (int run = 0; run < 2; run++) {
      try (Traces traces = Traces.open(to("", "", file.toString()), "shop", "driver")) {
        oneTrace(traces);
      }
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).as("one of each run").hasSize(2);
    for (String line : lines) {
      JsonNode resource = JSON.readTree(line).at("/resourceSpans/0");
      assertThat(resource.at("/resource/attributes").findValuesAsText("key"))
          .contains("service.name", "telemetry.sdk.language");
      JsonNode spans = resource.at("/scopeSpans/0/spans");
      assertThat(spans).hasSize(4);
      JsonNode call = spans.get(0);
      assertThat(call.path("traceId").asText()).matches("[0-9a-f]{32}");
      assertThat(call.path("spanId").asText()).matches("[0-9a-f]{16}");
      assertThat(call.path("parentSpanId").asText())
          .isEqualTo(spans.get(2).path("spanId").asText());
      assertThat(call.path("kind").isInt()).as("kinds are numbers").isTrue();
      assertThat(call.path("startTimeUnixNano").asText()).matches("[0-9]{19}");
      assertThat(call.at("/status/code").asInt()).isEqualTo(2);
      assertThat(call.at("/events/0/attributes").findValuesAsText("stringValue"))
          .containsExactly("UNAVAILABLE");
      JsonNode batch = spans.get(3).at("/attributes/0");
      assertThat(batch.path("key").asText()).isEqualTo("vectorstream.batch");
      assertThat(batch.at("/value/intValue").asText()).isEqualTo("7");
    }
  }

  @Test
  void a_file_that_cannot_be_written_is_said_at_the_start() throws IOException {
    Path file = Files.createDirectory(folder.resolve("taken"));
    assertThatThrownBy(() -> Traces.open(to("", "", file.toString()), "shop", "driver"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("tracing.file: '" + file);
  }

  @Test
  void the_absence_of_a_collector_is_logged_once_and_then_what_was_lost() throws IOException {
    StringWriter written = new StringWriter();
    WriterAppender appender =
        WriterAppender.newBuilder()
            .setName("written")
            .setTarget(written)
            .setLayout(PatternLayout.newBuilder().withPattern("%m%n").build())
            .build();
    appender.start();
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    context.getConfiguration().getRootLogger().addAppender(appender, Level.ALL, null);
    String absent = "http://127.0.0.1:" + closedPort();
    try (Traces traces = Traces.open(to(absent, "", ""), "shop", "driver")) {
      oneTrace(traces);
      await().until(() -> written.toString().contains("traces do not reach " + absent));
      oneTrace(traces);
    } finally {
      context.getConfiguration().getRootLogger().removeAppender("written");
    }
    assertThat(written.toString())
        .containsOnlyOnce("do not reach")
        .contains("8 spans of traces never reached " + absent);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  @Timeout(60)
  void a_collector_that_hangs_holds_nobody_up_and_what_it_misses_is_counted() {
    CountDownLatch open = new CountDownLatch(1);
    Kept kept = new Kept(open);
    WatchedExporter exporter = new WatchedExporter(kept, "a file");
    Traces traces = new Traces(List.of(exporter), Duration.ZERO, "shop", "driver");
    int ended = 40_000;
    Trace trace = traces.begin("process clicks", Instant.now());
    try (Trace.Work entered = trace.enter()) {
      for (int i = 0; i < ended; i++) {
        Step.begin("task").close();
      }
    }
    open.countDown();
    traces.close();
    assertThat(kept.spans).hasSizeLessThan(ended).isNotEmpty();
    assertThat(exporter.missing()).isEqualTo(ended - kept.spans.size());
  }

  @Test
  void only_traces_that_took_long_enough_are_kept_and_those_are_whole() {
    Kept kept = new Kept(new CountDownLatch(0));
    Traces traces =
        new Traces(
            List.of(new WatchedExporter(kept, "a file")), Duration.ofSeconds(30), "shop", "driver");
    Instant start = Instant.now();
    for (int seconds : List.of(29, 31, 5)) {
      Trace trace = traces.begin("process clicks", start).with("seconds", seconds);
      try (Trace.Work entered = trace.enter()) {
        Step.of("users", () -> Step.of("embed", () -> seconds));
        Runnable late = Step.carried(() -> Step.past("late", start, start.plusSeconds(1)));
        trace.end(start.plusSeconds(seconds));
        late.run();
      }
    }
    traces.close();
    assertThat(kept.spans)
        .extracting(SpanData::getName)
        .containsExactlyInAnyOrder("embed", "users", "process clicks", "late");
    assertThat(kept.spans)
        .extracting(SpanData::getTraceId)
        .containsOnly(kept.spans.get(0).getTraceId());
    assertThat(kept.spans.get(2).getEndEpochNanos() - kept.spans.get(2).getStartEpochNanos())
        .isEqualTo(TimeUnit.SECONDS.toNanos(31));
  }

  @Test
  void a_step_of_another_process_joins_the_trace_by_its_traceparent() {
    Kept kept = new Kept(new CountDownLatch(0));
    Traces driver = new Traces(List.of(), Duration.ZERO, "shop", "driver");
    Traces executor =
        new Traces(
            List.of(new WatchedExporter(kept, "a file")), Duration.ZERO, "shop", "executor 1");
    String parent;
    try (Trace.Work entered = driver.begin("process clicks", Instant.now()).enter();
        Step step = Step.begin("users")) {
      parent = Step.traceparent();
    }
    assertThat(parent).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]");
    try (Step task = executor.join(parent, "task")) {
      StoreCall.begin().end();
    }
    driver.close();
    executor.close();
    assertThat(kept.spans).hasSize(2);
    assertThat(kept.spans).extracting(SpanData::getTraceId).containsOnly(parent.substring(3, 35));
    assertThat(kept.spans.get(1).getParentSpanId()).isEqualTo(parent.substring(36, 52));
    assertThat(kept.spans.get(0).getParentSpanId()).isEqualTo(kept.spans.get(1).getSpanId());
  }

  @Test
  void nothing_is_made_where_nothing_is_to_be_traced() {
    assertThat(Traces.shared(to("", "", ""), "shop")).isEmpty();
    assertThat(Step.isTraced()).isFalse();
    assertThat(Step.traceparent()).isEmpty();
    assertThat(StoreCall.begin()).isSameAs(StoreCall.current());
    assertThat(Step.begin("users")).isSameAs(Step.begin("products"));
    try (Step step = Step.begin("users")) {
      assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }
  }

  @Test
  void the_authorization_is_printed_nowhere() {
    Tracing tracing = to("https://collector", "Bearer Plover-4321", "");
    assertThat(tracing.toString()).doesNotContain("Plover").contains("https://collector");
  }
}
