package io.vectorstream.stream;

import io.vectorstream.store.FencedException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that does the batches' remaining work, step by step between the batches. */
final class PendingWork implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PendingWork.class);

  /**
   * The longest time between two looks while batches come. The copy for another model and requests
   * to forget a user leave work without a batch that knows of it.
   */
  static final Duration LONGEST_REST = Duration.ofSeconds(5);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

  private final Gaps gaps;
  private final BooleanSupplier step;
  private final Supplier<Duration> turn;
  private final Duration rest;
  private final Consumer<FencedException> onFenced;
  private final Semaphore wanted = new Semaphore(1);
  private final Thread thread = new Thread(this::work, "pending-work");
  private volatile boolean closed;

  /** The time between batches, as {@link BatchRunner#between} gives it. */
  interface Gaps {

    boolean between(BooleanSupplier step) throws InterruptedException;
  }

  /**
   * @param step does a part of the work, and returns whether there may be more
   * @param turn how long it may continue with further steps although a batch waits
   * @param rest the time after which it looks for work although nobody has reported any
   * @param onFenced called once if another pipeline has taken over; this one makes no further step
   */
  PendingWork(
      Gaps gaps,
      BooleanSupplier step,
      Supplier<Duration> turn,
      Duration rest,
      Consumer<FencedException> onFenced) {
    this.gaps = gaps;
    this.step = step;
    this.turn = turn;
    this.rest = rest;
    this.onFenced = onFenced;
    thread.setDaemon(true);
  }

  /**
   * Looks for work that an earlier process has left, and then whenever it is woken or has rested.
   */
  void start() {
    thread.start();
  }

  /** Reports that there is work. */
  void wake() {
    wanted.release();
  }

  private void work() {
    try {
      while (!closed) {
        wanted.tryAcquire(rest.toMillis(), TimeUnit.MILLISECONDS);
        wanted.drainPermits();
        workOff();
      }
    } catch (InterruptedException e) {
      log.debug("interrupted");
    }
  }

  private void workOff() throws InterruptedException {
    boolean more = true;
    while (more && !closed) {
      try {
        more = gaps.between(this::takeTurn);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        if (closed) {
          return;
        }
        FencedException fenced = ExceptionUtils.throwableOfType(e, FencedException.class);
        if (fenced != null) {
          closed = true;
          onFenced.accept(fenced);
          return;
        }
        log.warn(
            "the work between batches failed, and is tried again in {} s: {}",
            PAUSE_AFTER_FAILURE.toSeconds(),
            QueryFailure.rootMessage(e));
        wanted.tryAcquire(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private boolean takeTurn() {
    long start = System.nanoTime();
    boolean more;
    do {
      more = step.getAsBoolean();
    } while (more && !closed && System.nanoTime() - start < turn.get().toNanos());
    return more;
  }

  /** Waits for the end of the present step, and makes no further one. */
  @Override
  public void close() {
    closed = true;
    wake();
    StepThread.end(thread);
  }
}
