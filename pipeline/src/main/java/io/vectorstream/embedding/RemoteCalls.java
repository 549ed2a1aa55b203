package io.vectorstream.embedding;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.vectorstream.config.RemoteEmbedding;
import io.vectorstream.process.HttpCall;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests to a server that embeds. One that fails in passing is repeated, with exponential
 * backoff and jitter, or when the server says; no other request goes out before that, either. After
 * a request has failed for as long as the settings allow, requests fail at once for a while, so
 * that nobody waits for a server that is away.
 */
final class RemoteCalls {
  private static final Logger log = LoggerFactory.getLogger(RemoteCalls.class);

  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final double GROWTH = 2;
  private static final double JITTER = 0.5;

  /** How long requests fail at once, after one has failed for good. */
  private static final Duration REST = Duration.ofSeconds(5);

  private static final int OK = 200;

  /** The statuses of a request with a text that the model does not take. */
  private static final Set<Integer> BAD_TEXT = Set.of(400, 413, 422);

  /** The statuses below 500 after which the same request may succeed. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private static final int SERVER_ERROR = 500;

  private final RemoteEmbedding settings;
  private final HttpClient client;
  private final CircuitBreaker breaker;
  private final IntervalFunction backoff;

  /** The time before which the server wants no requests, by {@link System#nanoTime}. */
  private volatile long quietUntil = System.nanoTime();

  private volatile String lastFailure;

  private final AtomicInteger returns = new AtomicInteger();

  /** A failure after which the same request may succeed. */
  private static final class PassingException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Duration wait;

    PassingException(String message, Duration wait, Throwable cause) {
      super(message, cause);
      this.wait = wait;
    }
  }

  RemoteCalls(RemoteEmbedding settings) {
    this(
        settings,
        IntervalFunction.ofExponentialRandomBackoff(FIRST_WAIT, GROWTH, JITTER, LONGEST_WAIT),
        REST);
  }

  /**
   * @param backoff the milliseconds to wait after each failure in a row
   * @param rest how long requests fail at once after one has failed for good
   */
  RemoteCalls(RemoteEmbedding settings, IntervalFunction backoff, Duration rest) {
    this.settings = settings;
    this.backoff = backoff;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.timeout())
            .build();
    this.breaker =
        CircuitBreaker.of(
            "embedding",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(1)
                .minimumNumberOfCalls(1)
                .failureRateThreshold(100)
                .recordException(ServerAwayException.class::isInstance)
                .ignoreException(failure -> !(failure instanceof ServerAwayException))
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(rest)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event -> {
              if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                returns.incrementAndGet();
                log.info("the embedding server {} answers again", settings.url());
              }
            });
  }

  /**
   * Sends a request, again and again if need be.
   *
   * @return the answer's text
   * @throws ServerAwayException if there is none; not about the texts
   * @throws EmbeddingException if the server does not take the texts
   */
  String send(String body) {
    try {
      return breaker.executeSupplier(() -> patiently(body));
    } catch (CallNotPermittedException e) {
      throw new ServerAwayException(
          "the embedding server %s did not answer a moment ago".formatted(settings.url()), null);
    }
  }

  /** Returns why requests fail at once; empty while the server answers. */
  Optional<String> outage() {
    return breaker.getState() == CircuitBreaker.State.CLOSED
        ? Optional.empty()
        : Optional.ofNullable(lastFailure);
  }

  /** Returns how many times the server has answered again after it had been away. */
  int returns() {
    return returns.get();
  }

  private String patiently(String body) {
    long end = System.nanoTime() + settings.retryFor().toNanos();
    boolean mayRepeat = breaker.getState() == CircuitBreaker.State.CLOSED;
    RetryConfig config =
        RetryConfig.<String>custom()
            .maxAttempts(Integer.MAX_VALUE)
            .retryOnException(
                failure ->
                    mayRepeat
                        && failure instanceof PassingException passing
                        && System.nanoTime() + passing.wait.toNanos() - end < 0)
            .intervalBiFunction(
                (attempt, outcome) ->
                    Math.max(
                        backoff.apply(attempt),
                        ((PassingException) outcome.getLeft()).wait.toMillis()))
            .build();
    try {
      return Retry.of("embedding", config).executeSupplier(() -> once(body));
    } catch (PassingException e) {
      String reason =
          "the embedding server %s does not answer: %s".formatted(settings.url(), e.getMessage());
      if (mayRepeat) {
        log.warn("{}; texts wait for their embedding until it does", reason);
      }
      lastFailure = reason;
      throw new ServerAwayException(reason, e);
    }
  }

  private String once(String body) {
    awaitQuiet();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.url()))
            .timeout(settings.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!settings.apiKey().isEmpty()) {
      request.header("Authorization", "Bearer " + settings.apiKey().value());
    }
    try {
      return answer(HttpCall.send(client, request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new PassingException(PlainModel.reason(e), Duration.ZERO, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void awaitQuiet() {
    Duration quiet = Duration.ofNanos(quietUntil - System.nanoTime());
    if (quiet.compareTo(settings.retryFor()) > 0) {
      throw new PassingException(
          "it wants no requests for another %d s".formatted(quiet.toSeconds()), quiet, null);
    }
    try {
      TimeUnit.NANOSECONDS.sleep(quiet.toNanos());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static ServerAwayException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ServerAwayException("interrupted while the embedding server was asked", e);
  }

  private String answer(HttpResponse<String> response) {
    int status = response.statusCode();
    if (status == OK) {
      return response.body();
    }
    String reason = "status %d, %s".formatted(status, RemoteForm.reason(response.body()));
    if (BAD_TEXT.contains(status)) {
      throw new EmbeddingException(
          "the embedding server %s refuses it: %s".formatted(settings.url(), reason));
    }
    if (status < SERVER_ERROR && !PASSING.contains(status)) {
      lastFailure =
          "the embedding server %s refuses the request: %s; expected a right embedding.remote.url, model and api_key"
              .formatted(settings.url(), reason);
      throw new ServerAwayException(lastFailure, null);
    }
    Duration wait =
        response.headers().firstValue("Retry-After").map(RemoteCalls::wait).orElse(Duration.ZERO);
    long until = System.nanoTime() + wait.toNanos();
    if (until - quietUntil > 0) {
      quietUntil = until;
    }
    throw new PassingException(reason, wait, null);
  }

  /** Returns the time of a Retry-After header, which has seconds or a date. */
  private static Duration wait(String header) {
    String value = header.strip();
    try {
      Duration wait =
          value.matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(value))
              : Duration.between(
                  Instant.now(),
                  ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }
}
