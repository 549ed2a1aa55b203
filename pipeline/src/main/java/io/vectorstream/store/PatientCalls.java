package io.vectorstream.store;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vectorstream.store.VectorStore.Outage;
import io.vectorstream.trace.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Calls that are tried again after a temporary failure, with exponential backoff and jitter. All of
 * them share a circuit breaker: once a server fails call after call, only one call at a time is
 * sent until the server answers again.
 *
 * <p>Every call made here may be repeated: reads, writes of whole values under ids of their own,
 * and the creation of a collection or an index, where the caller ({@link CollectionSchemas})
 * accepts one that exists already. A repeated call may find that its first try was executed after
 * all.
 */
final class PatientCalls implements AutoCloseable {

  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** The patience for an unknown collection: a new node of a cluster learns them within seconds. */
  private static final Duration UNTIL_A_COLLECTION_IS_KNOWN = Duration.ofSeconds(10);

  private static final double GROWTH = 2;
  private static final double JITTER = 0.5;

  private final Duration patience;
  private final Duration untilKnown;
  private final IntervalFunction backoff;
  private final CircuitBreaker breaker;
  private final AtomicReference<Outage> outage = new AtomicReference<>();
  private volatile Instant lastFailure = Instant.MIN;
  private final LongAdder made = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService waiting =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "vector-store-retries");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param patience how long a call is tried again, from its first try on
   */
  PatientCalls(Duration patience) {
    this(
        patience,
        IntervalFunction.ofExponentialRandomBackoff(FIRST_WAIT, GROWTH, JITTER, LONGEST_WAIT),
        UNTIL_A_COLLECTION_IS_KNOWN);
  }

  /**
   * @param backoff the milliseconds to wait after each failure in a row, for a call and for the
   *     circuit breaker alike
   * @param untilKnown how long a call is tried again at most while the collection is unknown
   */
  PatientCalls(Duration patience, IntervalFunction backoff, Duration untilKnown) {
    this.patience = patience;
    this.untilKnown = untilKnown.compareTo(patience) < 0 ? untilKnown : patience;
    this.backoff = backoff;
    this.breaker = CircuitBreaker.of("qdrant", breakerConfig(backoff));
    breaker
        .getEventPublisher()
        .onError(event -> failed(event.getThrowable()))
        .onSuccess(event -> outage.set(null));
  }

  private static CircuitBreakerConfig breakerConfig(IntervalFunction backoff) {
    return CircuitBreakerConfig.custom()
        .slidingWindowSize(8)
        .minimumNumberOfCalls(4)
        .failureRateThreshold(50)
        .recordException(PatientCalls::isPassing)
        .ignoreException(failure -> !isPassing(failure))
        .permittedNumberOfCallsInHalfOpenState(1)
        .waitIntervalFunctionInOpenState(backoff)
        .build();
  }

  /**
   * Makes the call, again and again if need be; the future fails with the last try's failure. After
   * a caller has cancelled it, the call is not tried again: a late write could undo a newer one.
   */
  <T> CompletableFuture<T> submit(Supplier<ListenableFuture<T>> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    StoreCall traced = StoreCall.begin();
    long begun = System.nanoTime();
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(Integer.MAX_VALUE)
            .intervalFunction(backoff)
            .retryOnException(
                failure ->
                    !answer.isDone() && System.nanoTime() - begun < patienceWith(failure).toNanos())
            .build();
    open.add(answer);
    Retry retry = Retry.of("qdrant", config);
    if (traced.isTraced()) {
      retry
          .getEventPublisher()
          .onRetry(
              event ->
                  traced.retries(
                      event.getNumberOfRetryAttempts(),
                      code(event.getLastThrowable()),
                      event.getWaitInterval()));
      // A caller that gives a call up does not wait for its end.
      answer.whenComplete((value, failure) -> end(traced, failure));
    }
    retry
        .executeCompletionStage(
            waiting,
            () ->
                // The caller may have cancelled it since the last try.
                answer.isDone()
                    ? CompletableFuture.failedFuture(new CancellationException())
                    : breaker.executeCompletionStage(() -> traced.trying(() -> begin(call))))
        .whenComplete(
            (value, failure) -> {
              open.remove(answer);
              // Before its caller goes on, whose step would otherwise end first.
              end(traced, failure);
              if (failure == null) {
                answer.complete(value);
              } else {
                answer.completeExceptionally(failure);
              }
            });
    return answer;
  }

  private static void end(StoreCall traced, Throwable failure) {
    if (failure == null) {
      traced.end();
    } else {
      traced.end(code(failure));
    }
  }

  /** Returns the status that a failed call ended with; its message may contain anything. */
  private static String code(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof StatusRuntimeException status
        ? status.getStatus().getCode().name()
        : cause.getClass().getSimpleName();
  }

  /** Returns how long a call that fails like this is tried again, from its first try on. */
  private Duration patienceWith(Throwable failure) {
    if (isPassing(failure) || failure instanceof CallNotPermittedException) {
      return patience;
    }
    if (isUnknownCollection(failure)) {
      return untilKnown;
    }
    return Duration.ZERO;
  }

  private <T> CompletionStage<T> begin(Supplier<ListenableFuture<T>> call) {
    made.increment();
    return completable(call.get());
  }

  private static <T> CompletionStage<T> completable(ListenableFuture<T> future) {
    CompletableFuture<T> completable = new CompletableFuture<>();
    Futures.addCallback(
        future,
        new FutureCallback<T>() {
          @Override
          public void onSuccess(T result) {
            completable.complete(result);
          }

          @Override
          public void onFailure(Throwable failure) {
            completable.completeExceptionally(failure);
          }
        },
        MoreExecutors.directExecutor());
    return completable;
  }

  /**
   * Returns whether the cause is the server's state and not the call, so that the same call may
   * succeed later.
   *
   * <ul>
   *   <li>UNAVAILABLE: nothing listens, the connection broke, or a shard is being recovered.
   *   <li>DEADLINE_EXCEEDED: no answer in time, from the server or, in a cluster, from another
   *       node.
   *   <li>CANCELLED: the server saw the deadline pass before the client did.
   *   <li>RESOURCE_EXHAUSTED: a limit of calls in a minute.
   *   <li>INTERNAL: a copy of a shard does not answer, there are not enough of them, no leader is
   *       elected; also a connection that broke in the middle of an answer.
   *   <li>FAILED_PRECONDITION: a shard is being moved, or the storage is locked for a while.
   *   <li>INVALID_ARGUMENT when its message says that memory is short just now.
   * </ul>
   */
  static boolean isPassing(Throwable failure) {
    Status status = status(failure);
    return switch (status.getCode()) {
      case UNAVAILABLE,
          DEADLINE_EXCEEDED,
          CANCELLED,
          RESOURCE_EXHAUSTED,
          ABORTED,
          INTERNAL,
          FAILED_PRECONDITION ->
          !isFullDisk(status);
      case INVALID_ARGUMENT -> says(status, "max_resident_memory_percent");
      default -> false;
    };
  }

  /**
   * Returns whether a point is gone that existed when it was read. The same call would fail again,
   * but a caller that reads again notices it and writes the whole point.
   */
  static boolean isMissingPoint(Throwable failure) {
    Status status = status(failure);
    return status.getCode() == Status.Code.NOT_FOUND && says(status, "No point with id");
  }

  /** Returns whether the server does not know the collection, or does not know it yet. */
  static boolean isUnknownCollection(Throwable failure) {
    Status status = status(failure);
    return status.getCode() == Status.Code.NOT_FOUND
        && says(status, "Collection")
        && says(status, "doesn't exist");
  }

  /** Returns whether the object to create exists already; versions answer different codes. */
  static boolean isAlreadyThere(Throwable failure) {
    Status status = status(failure);
    return status.getCode() == Status.Code.ALREADY_EXISTS || says(status, "already exists");
  }

  private static Status status(Throwable failure) {
    return Status.fromThrowable(
        failure instanceof CompletionException ? failure.getCause() : failure);
  }

  private static boolean says(Status status, String words) {
    return status.getDescription() != null && status.getDescription().contains(words);
  }

  static boolean isFullDisk(Status status) {
    return says(status, "No space left on device") || says(status, "max_disk_usage_percent");
  }

  private void failed(Throwable failure) {
    failed.increment();
    lastFailure = Instant.now();
    String reason = String.valueOf(Status.fromThrowable(failure).getCode());
    outage.compareAndSet(null, new Outage(Instant.now(), reason));
  }

  /** Returns the number of tries since this was opened. */
  long made() {
    return made.sum();
  }

  /** Returns how many of these failed temporarily. */
  long failed() {
    return failed.sum();
  }

  /** Returns the time of the last temporary failure. */
  Instant lastFailure() {
    return lastFailure;
  }

  /**
   * Returns the present outage, with a status code as its reason; empty as long as calls succeed,
   * or fail only now and then.
   */
  Optional<Outage> outage() {
    return breaker.getState() == CircuitBreaker.State.CLOSED
        ? Optional.empty()
        : Optional.ofNullable(outage.get());
  }

  @Override
  public void close() {
    waiting.shutdownNow();
    // Calls that wait for their next try would never complete.
    open.forEach(
        call ->
            call.completeExceptionally(
                Status.CANCELLED.withDescription("the connection is closed").asRuntimeException()));
  }
}
