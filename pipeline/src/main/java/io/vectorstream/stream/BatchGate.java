package io.vectorstream.stream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A gate that keeps batches and the steps of other work apart. A step begins when Spark has
 * committed the batch before, so it finds nothing unfinished. Spark may call for the next batch at
 * once: then one step that waits comes before that batch, and the others after it, so neither
 * batches nor steps wait for ever. Once the gate is closed, neither begins any more.
 */
final class BatchGate {

  private enum State {
    FREE,
    STEP,
    /** A step is under way, and a batch waits for its end. */
    STEP_BEFORE_BATCH,
    /** A batch waits for a step that may begin now. */
    STEP_NEXT,
    /** The step has ended, and the batch has not begun yet. */
    BATCH_NEXT,
    BATCH
  }

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private State state = State.FREE;

  /** Whether Spark has committed the batch before, or never will. */
  private boolean committed = true;

  private int waitingSteps;
  private boolean closed;

  /**
   * Waits until a batch may begin, which may be never.
   *
   * @param committedBefore whether Spark has committed the batch before, as it has when it calls
   *     for another one
   */
  void enter(boolean committedBefore) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      committed |= committedBefore;
      if (state == State.FREE && committed && waitingSteps > 0) {
        state = State.STEP_NEXT;
        changed.signalAll();
      }
      while (closed || state != State.FREE && state != State.BATCH_NEXT) {
        if (state == State.STEP) {
          state = State.STEP_BEFORE_BATCH;
        }
        changed.await();
      }
      state = State.BATCH;
    } catch (InterruptedException e) {
      withdraw();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Lets steps go on where the batch that waited does not come. */
  private void withdraw() {
    if (state == State.STEP_BEFORE_BATCH) {
      state = State.STEP;
    } else if (state == State.BATCH_NEXT || state == State.STEP_NEXT) {
      state = State.FREE;
    }
    changed.signalAll();
  }

  /**
   * Lets the batch that has entered leave.
   *
   * @param toBeCommitted whether Spark is going to commit it
   */
  void leave(boolean toBeCommitted) {
    lock.lock();
    try {
      state = State.FREE;
      committed = !toBeCommitted;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes note that Spark has committed the batch before, or never will. */
  void committed() {
    lock.lock();
    try {
      committed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does a step that must not happen beside a batch.
   *
   * @return what the step returns
   */
  boolean between(BooleanSupplier step) throws InterruptedException {
    lock.lockInterruptibly();
    waitingSteps++;
    try {
      while (closed || state != State.STEP_NEXT && !(state == State.FREE && committed)) {
        changed.await();
      }
      state = state == State.STEP_NEXT ? State.STEP_BEFORE_BATCH : State.STEP;
    } catch (InterruptedException e) {
      if (state == State.STEP_NEXT && waitingSteps == 1) {
        state = State.BATCH_NEXT;
        changed.signalAll();
      }
      throw e;
    } finally {
      waitingSteps--;
      lock.unlock();
    }
    try {
      return step.getAsBoolean();
    } finally {
      lock.lock();
      try {
        state = state == State.STEP_BEFORE_BATCH ? State.BATCH_NEXT : State.FREE;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Lets no further batch or step begin, and waits until none is under way and a condition holds.
   *
   * @param worthwhile false where waiting longer is in vain
   */
  void close(BooleanSupplier condition, BooleanSupplier worthwhile, Duration timeout) {
    long remaining = timeout.toNanos();
    lock.lock();
    try {
      closed = true;
      while ((state == State.BATCH || !condition.getAsBoolean())
          && remaining > 0
          && worthwhile.getAsBoolean()) {
        remaining -= LOOK_NANOS - Math.max(0, changed.awaitNanos(LOOK_NANOS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
