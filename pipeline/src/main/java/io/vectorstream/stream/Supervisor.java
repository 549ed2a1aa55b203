package io.vectorstream.stream;

import io.github.resilience4j.core.IntervalFunction;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.Health.State;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor that starts the query, and starts it again when it fails, with exponential backoff
 * and jitter. A lasting failure ends it.
 */
final class Supervisor {

  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final int TRIES_WITHOUT_A_KNOWN_REASON = 5;

  private final Callable<StreamingQuery> start;
  private final Function<Throwable, QueryFailure> diagnosis;
  private final LongSupplier committedBatches;
  private final IntervalFunction backoff;
  private final Thread thread = new Thread(this::supervise, "query-supervisor");
  private final CountDownLatch stopWanted = new CountDownLatch(1);

  private volatile StreamingQuery query;
  private volatile QueryFailure endWanted;
  private volatile Health health = new Health(State.STARTING, Instant.now(), "", 0);

  /**
   * @param start starts the query once
   * @param diagnosis returns the meaning of a failure
   * @param committedBatches how many batches this process has committed so far
   */
  Supervisor(
      Callable<StreamingQuery> start,
      Function<Throwable, QueryFailure> diagnosis,
      LongSupplier committedBatches) {
    this(
        start,
        diagnosis,
        committedBatches,
        IntervalFunction.ofExponentialRandomBackoff(FIRST_WAIT, 2, 0.5, LONGEST_WAIT));
  }

  /**
   * @param backoff the milliseconds to wait after each failure without a batch between
   */
  Supervisor(
      Callable<StreamingQuery> start,
      Function<Throwable, QueryFailure> diagnosis,
      LongSupplier committedBatches,
      IntervalFunction backoff) {
    this.start = start;
    this.diagnosis = diagnosis;
    this.committedBatches = committedBatches;
    this.backoff = backoff;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void supervise() {
    int fruitless = 0;
    int unexplained = 0;
    long committed = 0;
    while (!isStopWanted()) {
      QueryFailure failure = runOnce();
      if (failure == null || isStopWanted()) {
        break;
      }
      if (committedBatches.getAsLong() > committed) {
        fruitless = 0;
        unexplained = 0;
      }
      committed = committedBatches.getAsLong();
      fruitless++;
      // Counted apart from the others: an outage, however long, uses up none of these tries.
      unexplained += failure.kind() == QueryFailure.Kind.UNKNOWN ? 1 : 0;
      boolean hopeless =
          failure.kind() == QueryFailure.Kind.LASTING
              || failure.kind() == QueryFailure.Kind.UNKNOWN
                  && unexplained > TRIES_WITHOUT_A_KNOWN_REASON;
      if (hopeless) {
        log.error("the query ended: {}", failure.message());
        become(State.FAILED, failure.message(), health.restarts());
        return;
      }
      long wait = backoff.apply(fruitless);
      log.warn("the query failed and is started again in {} ms: {}", wait, failure.message());
      become(State.RESTARTING, failure.message(), health.restarts() + 1);
      if (awaitStop(wait)) {
        break;
      }
    }
    become(State.STOPPED, "", health.restarts());
  }

  /** Runs the query once. Returns why it failed; null if it was stopped. */
  private QueryFailure runOnce() {
    if (endWanted != null) {
      return endWanted;
    }
    try {
      query = start.call();
      if (isStopWanted() || endWanted != null) {
        query.stop();
      }
      become(State.RUNNING, "", health.restarts());
      query.awaitTermination();
      return endWanted;
    } catch (Exception | Error e) {
      // An error too: this thread must not end without a message.
      log.debug("the query failed", e);
      return endWanted == null ? diagnosis.apply(e) : endWanted;
    }
  }

  private void become(State state, String reason, int restarts) {
    health = new Health(state, Instant.now(), reason, restarts);
  }

  private boolean isStopWanted() {
    return stopWanted.getCount() == 0;
  }

  private boolean awaitStop(long millis) {
    try {
      return stopWanted.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Returns the state of the query, apart from the state of its services. */
  Health health() {
    return health;
  }

  /** Returns whether a query runs at present. */
  boolean isQueryActive() {
    StreamingQuery current = query;
    return current != null && current.isActive();
  }

  boolean isOver() {
    return !thread.isAlive();
  }

  /** Waits until the query has ended for good. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  /**
   * Ends the query for good, because of a failure outside of it.
   *
   * @param failure is diagnosed like the query's own, and has to be lasting
   */
  void end(Throwable failure) {
    endWanted = diagnosis.apply(failure);
    stopQuery();
  }

  /** Stops the query and its restarts. */
  void stop() {
    stopWanted.countDown();
    stopQuery();
    try {
      thread.join(LONGEST_WAIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopQuery() {
    StreamingQuery current = query;
    if (current != null) {
      try {
        current.stop();
      } catch (java.util.concurrent.TimeoutException e) {
        log.warn("the query did not stop in time; its last batch is repeated at the next start");
      }
    }
  }
}
