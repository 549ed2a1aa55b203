package io.vectorstream.stream;

import io.vectorstream.migration.ModelCopy;
import io.vectorstream.store.FencedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that copies what is stored for another model. Its failures are tried again, and stop
 * no batch.
 */
final class ModelWork implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelWork.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

  private final ModelCopy copy;
  private final Consumer<FencedException> onFenced;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::work, "model-copy");
  private String told = "";

  /**
   * @param onFenced called once if another pipeline has taken over; this one makes no further step
   */
  ModelWork(ModelCopy copy, Consumer<FencedException> onFenced) {
    this.copy = copy;
    this.onFenced = onFenced;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void work() {
    try {
      Duration pause = Duration.ZERO;
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = step();
      }
    } catch (InterruptedException e) {
      log.debug("interrupted");
    } catch (FencedException e) {
      onFenced.accept(e);
    }
  }

  /** Makes a step; returns the time until the next one. */
  private Duration step() throws InterruptedException {
    try {
      boolean more = copy.step();
      told = "";
      return more ? Duration.ZERO : BETWEEN_LOOKS;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      FencedException fenced = ExceptionUtils.throwableOfType(e, FencedException.class);
      if (fenced != null) {
        throw fenced;
      }
      String reason = QueryFailure.rootMessage(e);
      if (!reason.equals(told) && closed.getCount() > 0) {
        log.warn(
            "the copy for another model failed, and is tried again every {} s: {}",
            PAUSE_AFTER_FAILURE.toSeconds(),
            reason);
        told = reason;
      }
      return PAUSE_AFTER_FAILURE;
    }
  }

  /** Waits for the end of the present step, and makes no further one. */
  @Override
  public void close() {
    closed.countDown();
    StepThread.end(thread);
  }
}
