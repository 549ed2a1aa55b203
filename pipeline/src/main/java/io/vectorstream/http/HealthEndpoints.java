package io.vectorstream.http;

import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.http.Endpoint.Access;
import io.vectorstream.http.Endpoint.Answer;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.ObservedPipeline;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /health…}: the state of each part, and since when it has been so. */
final class HealthEndpoints {
  private static final String GROUP = "Health";

  /**
   * @param state {@code up}, {@code down}, {@code fallback}, or for the pipeline its own states
   * @param since when it came into that state, as far as this process has noticed; left out for
   *     strangers
   * @param reason one sentence; empty while there is none, left out for strangers
   */
  record PartHealth(String state, Instant since, String reason) {
    static final String UP = "up";
    static final String DOWN = "down";
    static final String FALLBACK = "fallback";

    boolean isUp() {
      return state.equals(UP);
    }

    /** Returns the same without addresses, files and reasons. */
    private PartHealth forStrangers() {
      return new PartHealth(state, null, null);
    }
  }

  /**
   * @param status {@code up}; {@code degraded} when a part has a problem that does not stop
   *     everything; {@code down}
   */
  record HealthReport(String status, Map<String, PartHealth> parts) {
    private HealthReport forStrangers() {
      Map<String, PartHealth> states = new LinkedHashMap<>();
      parts.forEach((part, health) -> states.put(part, health.forStrangers()));
      return new HealthReport(status, states);
    }
  }

  /**
   * @param status {@code up} or {@code down}
   * @param reason one sentence; empty while there is none, left out for strangers
   */
  record Probe(String status, String reason) {
    private Answer answer(Request request) {
      return new Answer(
          status.equals(PartHealth.UP) ? 200 : Status.UNAVAILABLE,
          request.caller().mayRead() ? this : new Probe(status, null));
    }
  }

  private final Optional<ObservedPipeline> pipeline;
  private final ServiceCheck kafka;
  private final ServiceCheck qdrant;
  private final Supplier<EmbeddingService> embeddings;
  private final Instant startedAt = Instant.now();
  private volatile PartHealth embedding;

  /**
   * @param pipeline empty if none runs in this process
   */
  HealthEndpoints(
      Optional<ObservedPipeline> pipeline,
      ServiceCheck kafka,
      ServiceCheck qdrant,
      Supplier<EmbeddingService> embeddings) {
    this.pipeline = pipeline;
    this.kafka = kafka;
    this.qdrant = qdrant;
    this.embeddings = embeddings;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/health", GROUP, "The state of each part, and since when")
            .description(
                "200 for up and degraded, 503 for down. A caller who may not read gets states only.")
            .access(Access.FREE)
            .unlimited()
            .orWith(Status.UNAVAILABLE)
            .answersWith(HealthReport.class, this::health),
        Endpoint.get("/health/live", GROUP, "Whether this process should go on")
            .description("Asks no other service. 503 once the pipeline has failed for good.")
            .access(Access.FREE)
            .unlimited()
            .orWith(Status.UNAVAILABLE)
            .answersWith(Probe.class, request -> live().answer(request)),
        Endpoint.get("/health/ready", GROUP, "Whether this process does its work just now")
            .description(
                "With a pipeline: whether it takes in events. Without: whether Qdrant answers.")
            .access(Access.FREE)
            .unlimited()
            .orWith(Status.UNAVAILABLE)
            .answersWith(Probe.class, request -> ready().answer(request)));
  }

  private Answer health(Request request) {
    Map<String, PartHealth> parts = new LinkedHashMap<>();
    Optional<Health> stream = pipeline.map(ObservedPipeline::health);
    stream.ifPresent(health -> parts.put("pipeline", part(health)));
    parts.put("kafka", kafka.health());
    parts.put("qdrant", qdrant.health());
    parts.put("embedding", embedding());
    boolean isDown = !live().status().equals(PartHealth.UP) || (stream.isEmpty() && !isReady());
    boolean isWell =
        stream.map(health -> health.state() == Health.State.RUNNING).orElse(true)
            && parts.entrySet().stream()
                .filter(part -> !part.getKey().equals("pipeline"))
                .allMatch(part -> part.getValue().isUp());
    String status = isDown ? PartHealth.DOWN : isWell ? PartHealth.UP : "degraded";
    HealthReport report = new HealthReport(status, parts);
    return new Answer(
        isDown ? Status.UNAVAILABLE : 200,
        request.caller().mayRead() ? report : report.forStrangers());
  }

  private static PartHealth part(Health health) {
    return new PartHealth(state(health), health.since(), health.reason());
  }

  private static String state(Health health) {
    return health.state().name().toLowerCase(Locale.ROOT);
  }

  private PartHealth embedding() {
    EmbeddingService service = embeddings.get();
    boolean isFallback =
        service.stats().deviceFailures() > 0 && service.engine().device().equals("cpu");
    Optional<String> outage = service.outage();
    String state =
        outage.isPresent() ? PartHealth.DOWN : isFallback ? PartHealth.FALLBACK : PartHealth.UP;
    PartHealth before = embedding;
    if (before == null || !before.state().equals(state)) {
      embedding =
          new PartHealth(
              state,
              before == null ? startedAt : Instant.now(),
              outage.orElse(
                  isFallback
                      ? "the GPU fails, and the CPU embeds in its place"
                      : service.description()));
    }
    return embedding;
  }

  private Probe live() {
    Optional<Health> stream = pipeline.map(ObservedPipeline::health);
    return stream
        .filter(health -> !health.state().isAlive())
        .map(health -> new Probe(PartHealth.DOWN, state(health) + ": " + health.reason()))
        .orElseGet(() -> new Probe(PartHealth.UP, ""));
  }

  private boolean isReady() {
    return ready().status().equals(PartHealth.UP);
  }

  private Probe ready() {
    return pipeline
        .map(ObservedPipeline::health)
        .map(
            health ->
                health.state().isReady()
                    ? new Probe(PartHealth.UP, "")
                    : new Probe(PartHealth.DOWN, state(health) + ": " + health.reason()))
        .orElseGet(
            () -> {
              PartHealth store = qdrant.health();
              return new Probe(store.state(), store.reason());
            });
  }
}
