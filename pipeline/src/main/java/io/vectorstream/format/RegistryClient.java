package io.vectorstream.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.vectorstream.config.Registry;
import io.vectorstream.process.HttpCall;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The client of a schema registry with Confluent's API. A call that fails because a registry does
 * not answer is tried again, at the next of its addresses.
 */
final class RegistryClient {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final double GROWTH = 2;
  private static final double JITTER = 0.5;

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int SERVER_ERROR = 500;

  /** The path that any registry answers. */
  private static final String TYPES = "/schemas/types";

  /** The first and the last code of an error by which a registry says that it has not something. */
  private static final int NO_SUBJECT = 40401;

  private static final int NO_SCHEMA = 40403;

  private final Registry settings;
  private final List<String> urls;
  private final HttpClient http;
  private final AtomicInteger turn = new AtomicInteger();

  RegistryClient(Registry settings) {
    this.settings = settings;
    this.urls = settings.urls();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.timeout())
            .followRedirects(HttpClient.Redirect.NEVER);
    if (!settings.caCertificate().isEmpty()) {
      builder.sslContext(TrustedCertificates.context(settings.caCertificate()));
    }
    this.http = builder.build();
  }

  /** Returns the schema with an id from 0; empty if the registry has none, or refuses it alone. */
  Optional<RegisteredSchema> byId(int id) {
    return get("/schemas/ids/" + id);
  }

  /** Returns a version of a subject, also one that is deleted; empty if there is none. */
  Optional<RegisteredSchema> version(String subject, int version) {
    return get(
        "/subjects/%s/versions/%d?deleted=true"
            .formatted(URLEncoder.encode(subject, UTF_8).replace("+", "%20"), version));
  }

  /**
   * Checks that a registry answers, once at each address until one does.
   *
   * @throws RegistryException if none does
   */
  void check() {
    RegistryException failure = null;
    for (int i = 0; i < urls.size(); i++) {
      try {
        ask(TYPES);
        return;
      } catch (RegistryException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private Optional<RegisteredSchema> get(String path) {
    long begun = System.nanoTime();
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(Integer.MAX_VALUE)
            .intervalFunction(
                IntervalFunction.ofExponentialRandomBackoff(
                    FIRST_WAIT, GROWTH, JITTER, LONGEST_WAIT))
            .retryOnException(
                failure ->
                    failure instanceof RegistryException registry
                        && registry.isPassing()
                        && System.nanoTime() - begun < settings.retryFor().toNanos())
            .build();
    return Retry.of("schema-registry", config).executeSupplier(() -> ask(path)).map(this::schema);
  }

  /**
   * Returns the body of the answer; empty if the registry says that it has no such thing, or
   * refuses this one while it answers others.
   */
  private Optional<String> ask(String path) {
    String url = urls.get(Math.floorMod(turn.get(), urls.size()));
    HttpResponse<String> answer;
    try {
      answer = send(url + path);
    } catch (IOException e) {
      throw failure(
          url, "does not answer: " + (e.getMessage() == null ? e : e.getMessage()), true, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(url, "was not waited for", false, e);
    }
    int status = answer.statusCode();
    if (status == OK) {
      return Optional.of(answer.body());
    }
    if (status == NOT_FOUND && isMissing(answer.body())
        || isAboutTheRequest(status) && isRegistry(url)) {
      return Optional.empty();
    }
    throw refusal(url, path, status);
  }

  /**
   * Returns whether it is the registry that has not found something: whatever else listens at an
   * address answers with 404, too.
   */
  private static boolean isMissing(String body) {
    try {
      int code = JSON.readTree(body).path("error_code").asInt();
      return code >= NO_SUBJECT && code <= NO_SCHEMA;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** Returns whether an answer would not change if the same were asked again. */
  private static boolean isAboutTheRequest(int status) {
    return status >= BAD_REQUEST
        && status < SERVER_ERROR
        && !Set.of(UNAUTHORIZED, FORBIDDEN, REQUEST_TIMEOUT, TOO_MANY).contains(status);
  }

  /** Returns whether it is a registry that answers there, which refuses one schema alone. */
  private boolean isRegistry(String url) {
    try {
      HttpResponse<String> answer = send(url + TYPES);
      return answer.statusCode() == OK && JSON.readTree(answer.body()).isArray();
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(url, "was not waited for", false, e);
    }
  }

  private HttpResponse<String> send(String url) throws IOException, InterruptedException {
    return HttpCall.send(http, request(url), HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private RegistryException refusal(String url, String path, int status) {
    return switch (status) {
      case UNAUTHORIZED, FORBIDDEN ->
          failure(
              url,
              "refused with %d; expected a user and a password, or a token, that it knows (kafka.registry.user, kafka.registry.password)"
                  .formatted(status),
              false,
              null);
      case NOT_FOUND ->
          failure(
              url,
              "does not know %s; expected the address of a registry with Confluent's API"
                  .formatted(path),
              false,
              null);
      default ->
          failure(
              url,
              "answered with status %d".formatted(status),
              status >= SERVER_ERROR || status == TOO_MANY || status == REQUEST_TIMEOUT,
              null);
    };
  }

  private RegistryException failure(String url, String what, boolean passing, Exception cause) {
    turn.incrementAndGet();
    return new RegistryException(
        "the schema registry at %s %s".formatted(url, what), passing, cause);
  }

  private HttpRequest request(String url) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(settings.timeout())
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    if (!settings.password().isEmpty()) {
      request.header("Authorization", authorization());
    }
    return request.GET().build();
  }

  private String authorization() {
    String password = settings.password().value();
    return settings.user().isEmpty()
        ? "Bearer " + password
        : "Basic "
            + Base64.getEncoder()
                .encodeToString((settings.user() + ":" + password).getBytes(UTF_8));
  }

  private RegisteredSchema schema(String body) {
    try {
      JsonNode answer = JSON.readTree(body);
      if (answer.path("schema").isTextual()) {
        return JSON.treeToValue(answer, RegisteredSchema.class);
      }
    } catch (JsonProcessingException e) {
      // Not a registry's answer: the exception below says so.
    }
    throw failure(
        urls.get(Math.floorMod(turn.get(), urls.size())),
        "answered with something else than a schema; expected the address of a registry with Confluent's API",
        false,
        null);
  }
}
