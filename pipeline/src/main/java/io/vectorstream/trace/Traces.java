package io.vectorstream.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vectorstream.config.Tracing;
import io.vectorstream.process.JvmRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The traces that a process makes, and their way out: to a collector, to a file, or to both. Spans
 * wait in a queue of their own, so that whoever ends one never waits; what does not fit is dropped,
 * and counted. Nothing of OpenTelemetry is made, and no thread runs, where nobody has opened this.
 *
 * <p>A thread that works for a trace knows it by OpenTelemetry's context. {@link Step} and {@link
 * StoreCall} look there, and do nothing on a thread without one.
 */
public final class Traces implements AutoCloseable {

  /** The logger of OpenTelemetry's own parts, which repeat what {@link WatchedExporter} says. */
  private static final Logger OF_LIBRARY = Logger.getLogger("io.opentelemetry");

  /** The maker of spans, on the threads that work for a trace. */
  static final ContextKey<Tracer> TRACER = ContextKey.named("vectorstream-tracer");

  private static final String TRACEPARENT = "traceparent";
  private static final String PATH = "/v1/traces";

  /** Spans that may wait for a destination. One batch has some hundreds. */
  private static final int QUEUE = 32_768;

  private static final Duration EXPORT_EVERY = Duration.ofSeconds(1);
  private static final int TRIES = 3;
  private static final Duration EXPORT_TIME = Duration.ofSeconds(10);
  private static final Duration CONNECT_TIME = Duration.ofSeconds(3);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  private static final TextMapGetter<String> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
          return List.of(TRACEPARENT);
        }

        @Override
        public String get(String traceparent, String key) {
          return key.equals(TRACEPARENT) ? traceparent : null;
        }
      };

  private final String id = UUID.randomUUID().toString();
  private final List<WatchedExporter> destinations;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /**
   * Opens traces of a process.
   *
   * @param service the name of the program in viewers
   * @param process which of the program's processes this is, such as driver
   * @throws java.io.UncheckedIOException if the settings name a file that cannot be written
   */
  public static Traces open(Tracing settings, String service, String process) {
    List<WatchedExporter> destinations = new ArrayList<>();
    if (!settings.file().isEmpty()) {
      destinations.add(
          new WatchedExporter(JsonLinesExporter.open(Path.of(settings.file())), settings.file()));
    }
    if (!settings.otlpEndpoint().isEmpty()) {
      destinations.add(new WatchedExporter(otlp(settings), settings.otlpEndpoint()));
    }
    return new Traces(destinations, settings.slowerThan(), service, process);
  }

  Traces(List<WatchedExporter> destinations, Duration slowerThan, String service, String process) {
    OF_LIBRARY.setLevel(Level.OFF);
    this.destinations = destinations;
    List<SpanProcessor> queues = new ArrayList<>();
    for (WatchedExporter destination : destinations) {
      queues.add(
          BatchSpanProcessor.builder(destination)
              .setMaxQueueSize(QUEUE)
              .setScheduleDelay(EXPORT_EVERY)
              .setExporterTimeout(EXPORT_TIME)
              .build());
    }
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(resource(service, process)))
            .addSpanProcessor(
                new SlowTraces(
                    SpanProcessor.composite(queues),
                    slowerThan,
                    spans -> destinations.forEach(destination -> destination.expect(spans, QUEUE))))
            .build();
    this.tracer = provider.get("io.vectorstream");
  }

  private static SpanExporter otlp(Tracing settings) {
    URI endpoint = URI.create(settings.otlpEndpoint());
    boolean isBare = endpoint.getPath().isEmpty() || endpoint.getPath().equals("/");
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint((isBare ? endpoint.resolve(PATH) : endpoint).toString())
            .setTimeout(EXPORT_TIME)
            .setConnectTimeout(CONNECT_TIME)
            .setRetryPolicy(RetryPolicy.builder().setMaxAttempts(TRIES).build());
    if (!settings.otlpAuthorization().isEmpty()) {
      exporter.addHeader("Authorization", settings.otlpAuthorization().value());
    }
    return exporter.build();
  }

  private static Resource resource(String service, String process) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("service.name", service)
            .put("service.instance.id", UUID.randomUUID().toString())
            .put("vectorstream.process", process);
    String version = Traces.class.getPackage().getImplementationVersion();
    if (version != null) {
      attributes.put("service.version", version);
    }
    return Resource.create(attributes.build());
  }

  /**
   * Returns the traces of this process's pipeline with these settings, opened where they are not;
   * empty where nothing is to be traced. They stay open until {@link #closeShared}.
   */
  public static Optional<Traces> shared(Tracing settings, String service) {
    return settings.areWanted()
        ? Optional.of(
            JvmRegistry.get(Traces.class, settings, () -> open(settings, service, "driver")))
        : Optional.empty();
  }

  /** Returns the traces that {@link #shared} opened in this process, by their id. */
  public static Optional<Traces> find(String id) {
    return JvmRegistry.all(Traces.class).stream()
        .filter(traces -> traces.id.equals(id))
        .findFirst();
  }

  /** Closes what {@link #shared} has opened, if it has. */
  public static void closeShared(Tracing settings) {
    JvmRegistry.remove(Traces.class, settings).ifPresent(Traces::close);
  }

  /** Returns what tells these traces from all others. */
  public String id() {
    return id;
  }

  /**
   * Begins a trace.
   *
   * @param name few different ones: viewers group traces by it
   */
  public Trace begin(String name, Instant start) {
    Span root =
        tracer
            .spanBuilder(name)
            .setNoParent()
            .setSpanKind(SpanKind.CONSUMER)
            .setStartTimestamp(start)
            .startSpan();
    return new Trace(root, Context.root().with(TRACER, tracer).with(root));
  }

  /**
   * Begins a step of a trace that another thread, or another process, has begun.
   *
   * @param traceparent what {@link Step#traceparent} returned there
   */
  public Step join(String traceparent, String name) {
    Context parent =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root().with(TRACER, tracer), traceparent, GETTER);
    return Step.begin(parent, name, null);
  }

  /** Returns the present span in W3C's form; empty where there is none. */
  static String traceparent(Context context) {
    String[] header = {""};
    W3CTraceContextPropagator.getInstance()
        .inject(
            context,
            header,
            (carrier, key, value) -> {
              if (key.equals(TRACEPARENT)) {
                carrier[0] = value;
              }
            });
    return header[0];
  }

  /** Sends what is left, for some seconds at most. */
  @Override
  public void close() {
    provider.shutdown().join(CLOSE_TIME.toMillis(), TimeUnit.MILLISECONDS);
    destinations.forEach(WatchedExporter::tellMissing);
  }
}
