package io.vectorstream.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vectorstream.config.ListenAddress;
import io.vectorstream.config.Settings;
import io.vectorstream.http.Endpoint.Answer;
import io.vectorstream.process.NativeWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of the HTTP API and its pages, from {@link #start} until it is closed. */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final int LARGEST_HEADERS = 16 << 10;
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  /** The connections that the operating system holds until they are accepted. */
  private static final int MOST_UNACCEPTED = 256;

  /** The longest time that the present requests may take to end when this is closed. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  /** The threads for requests that use no other service: health, metrics, pages. */
  private static final int MORE_THREADS = 16;

  private static final Duration[] BUCKETS =
      Stream.of(5, 10, 20, 50, 100, 250, 1000, 5000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final String ROUTE = "route";

  private final Settings.Http settings;
  private final AccessControl gate;
  private final Admission admission;
  private final Connections connections;
  private final MeterRegistry meters;
  private final ApiSources sources;
  private final Javalin server;
  private final Thread atTheEnd = new Thread(this::stop, "http-stop");
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** The present requests when the process ends may need the model. */
  private NativeWork.Lease nativeWork;

  private HttpServer(Settings settings, ApiSources sources, MeterRegistry meters) {
    this.settings = settings.http();
    this.gate = new AccessControl(settings.http(), meters);
    this.admission = new Admission(settings.http().maxConcurrent());
    this.connections = new Connections(settings.http());
    this.meters = meters;
    this.sources = sources;
    this.server = Javalin.create(this::configure);
    sources.bindTo(meters);
  }

  /**
   * Starts the server.
   *
   * @param sources the sources of the answers; closed with the server, and if it does not start
   * @param meters where requests are counted and timed, as {@code vectorstream.http.requests}
   * @throws HttpServerException in one line, when it cannot listen at the address of the settings
   */
  public static HttpServer start(Settings settings, ApiSources sources, MeterRegistry meters) {
    try {
      HttpServer http = new HttpServer(settings, sources, meters);
      http.server.start();
      http.connections.watch();
      http.nativeWork = NativeWork.ofProcess().keepPossible();
      Runtime.getRuntime().addShutdownHook(http.atTheEnd);
      Thread preparing = new Thread(sources::prepare, "search-preparation");
      preparing.setDaemon(true);
      preparing.start();
      return http;
    } catch (RuntimeException e) {
      sources.close();
      throw HttpServerException.of(e, settings.http());
    }
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.jetty.host = settings.host();
    config.jetty.port = settings.port();
    config.jetty.threadPool = threads();
    config.jetty.modifyServer(this::modify);
    config.jetty.modifyHttpConfiguration(HttpServer::modify);
    config.jetty.addConnector(this::connector);
    config.http.maxRequestSize = Request.LARGEST_BODY;
    config.http.prefer405over404 = true;
    config.router.ignoreTrailingSlashes = true;
    config.requestLogger.http(this::count);
    Failures.answerIn(config);
    StaticFiles.serve(config.staticFiles);
    config.routes.before(this::before);
    List<Endpoint> endpoints = new ArrayList<>(sources.endpoints());
    endpoints.add(OpenApiEndpoint.of(endpoints));
    endpoints.forEach(endpoint -> register(endpoint, config));
    paths(endpoints).forEach(path -> registerOptions(path, endpoints, config));
  }

  private QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(settings.maxConcurrent() + MORE_THREADS, 4);
    threads.setName("http");
    threads.setDaemon(true);
    return threads;
  }

  private void modify(Server server) {
    server.insertHandler(new WholeRequests(connections, Request.LARGEST_BODY));
    server.insertHandler(new WholeAnswers(connections));
    server.setErrorHandler(new RefusedByServer());
    server.setStopTimeout(LONGEST_STOP.toMillis());
  }

  private static void modify(HttpConfiguration http) {
    http.setRequestHeaderSize(LARGEST_HEADERS);
    http.setSendServerVersion(false);
    // Otherwise a token in other case is read as the right one, if that came just before.
    http.setHeaderCacheCaseSensitive(true);
    http.setSendDateHeader(false);
    // An id may contain a slash or a percent sign. Every other ambiguous path is refused.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "ids", Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_PATH_ENCODING));
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(LONGEST_SILENCE.toMillis());
    connector.setAcceptQueueSize(MOST_UNACCEPTED);
    connector.addEventListener(connections);
    // Open connections without a request do not delay the stop.
    connector.setShutdownIdleTimeout(100);
    return connector;
  }

  private void before(Context context) {
    context.header("Content-Security-Policy", StaticFiles.CONTENT_POLICY);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    gate.checkHost(context);
    Origins.checkPage(context);
  }

  private void register(Endpoint endpoint, JavalinConfig config) {
    config.routes.addHttpHandler(
        HandlerType.findOrCreate(endpoint.method().name()),
        endpoint.path(),
        context -> answer(endpoint, context));
    if (endpoint.method() == Endpoint.Method.GET) {
      config.routes.addHttpHandler(
          HandlerType.HEAD, endpoint.path(), context -> answer(endpoint, context));
    }
  }

  private static List<String> paths(List<Endpoint> endpoints) {
    return endpoints.stream().map(Endpoint::path).distinct().toList();
  }

  private static void registerOptions(String path, List<Endpoint> endpoints, JavalinConfig config) {
    String allowed =
        endpoints.stream()
            .filter(endpoint -> endpoint.path().equals(path))
            .map(endpoint -> endpoint.method() == Endpoint.Method.GET ? "GET, HEAD" : "POST")
            .collect(Collectors.joining(", ", "", ", OPTIONS"));
    config.routes.addHttpHandler(
        HandlerType.OPTIONS,
        path,
        context -> {
          context.attribute(ROUTE, path);
          context.status(204).header("Allow", allowed);
        });
  }

  private void answer(Endpoint endpoint, Context context) {
    context.attribute(ROUTE, endpoint.path());
    context.header("Cache-Control", "no-store");
    AccessControl.Caller caller = gate.check(endpoint.access(), context);
    Request request = Request.read(endpoint, caller, context);
    Answer answer =
        endpoint.limited()
            ? admission.run(() -> endpoint.handler().apply(request))
            : endpoint.handler().apply(request);
    context.status(answer.status());
    if (answer.body() instanceof String text) {
      context.contentType("text/plain; charset=utf-8").result(text);
    } else if (answer.body() instanceof byte[] json) {
      context.contentType(Json.TYPE).result(json);
    } else {
      context.contentType(Json.TYPE).result(Json.bytes(answer.body()));
    }
  }

  /** Counts by route, not by path: clients can invent any number of paths. */
  private void count(Context context, Float milliseconds) {
    String route = context.attribute(ROUTE);
    Timer.builder("vectorstream.http.requests")
        .description("Requests that were answered")
        .serviceLevelObjectives(BUCKETS)
        .tag("method", method(context))
        .tag("route", route != null ? route : context.statusCode() < 400 ? "page" : "none")
        .tag("status", Integer.toString(context.statusCode()))
        .register(meters)
        .record((long) (milliseconds * 1e6), TimeUnit.NANOSECONDS);
  }

  private static String method(Context context) {
    String method = context.method().name();
    return List.of("GET", "HEAD", "POST", "OPTIONS").contains(method) ? method : "other";
  }

  /** Returns the number of connected clients. */
  int connections() {
    return connections.size();
  }

  /** Returns the bytes that have come from the client with this port; 0 if it is not connected. */
  long receivedFrom(int port) {
    return connections.receivedFrom(port);
  }

  /** Returns the port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Returns the URL for users: {@code http://localhost:8080}. */
  public String url() {
    return "http://%s:%d".formatted(shownHost(), port());
  }

  private String shownHost() {
    String host = settings.host();
    if (ListenAddress.isLoopback(host) || host.equals("0.0.0.0")) {
      return "localhost";
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** Waits until it is closed, or the process is told to end. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  private void stop() {
    connections.close();
    try {
      server.stop();
    } catch (JavalinException e) {
      log.warn(
          "requests were still being answered when the HTTP API had to stop, after {} s",
          LONGEST_STOP.toSeconds());
      log.debug("the HTTP API did not stop as it should", e);
    }
    sources.close();
    nativeWork.close();
    stopped.countDown();
  }

  /** Lets the present requests end, for some seconds at most, and stops. */
  @Override
  public void close() {
    try {
      if (Runtime.getRuntime().removeShutdownHook(atTheEnd)) {
        stop();
      }
    } catch (IllegalStateException e) {
      // The process is ending, and the hook stops it.
    }
  }
}
