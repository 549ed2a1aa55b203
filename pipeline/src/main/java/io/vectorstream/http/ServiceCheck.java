package io.vectorstream.http;

import io.vectorstream.http.HealthEndpoints.PartHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The check whether a service answers, made on request and at most once in several seconds. */
final class ServiceCheck {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Runnable question;
  private final Lock asking = new ReentrantLock();
  private volatile PartHealth last;
  private Instant askedAt = Instant.EPOCH;

  /**
   * @param question returns soon; throws with the reason in one line if there is no answer
   */
  ServiceCheck(Runnable question) {
    this.question = question;
  }

  /** Returns the last result while another request checks: only the first requests wait. */
  PartHealth health() {
    PartHealth known = last;
    if (known == null) {
      asking.lock();
    } else if (!asking.tryLock()) {
      return known;
    }
    try {
      return askIfOld();
    } finally {
      asking.unlock();
    }
  }

  private PartHealth askIfOld() {
    if (askedAt.plus(FRESH).isBefore(Instant.now())) {
      PartHealth now = ask();
      // A state is as old as its first sign; the reason is always the latest.
      last =
          last != null && last.state().equals(now.state())
              ? new PartHealth(now.state(), last.since(), now.reason())
              : now;
      askedAt = Instant.now();
    }
    return last;
  }

  private PartHealth ask() {
    try {
      question.run();
      return new PartHealth(PartHealth.UP, Instant.now(), "");
    } catch (RuntimeException e) {
      return new PartHealth(PartHealth.DOWN, Instant.now(), String.valueOf(e.getMessage()));
    }
  }
}
