package io.vectorstream.stream;

import io.vectorstream.feed.ProductFeed;
import io.vectorstream.store.FencedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that applies the products topic. Its failures are tried again, and stop no batch. */
final class FeedWork implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FeedWork.class);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

  private final ProductFeed feed;
  private final Consumer<FencedException> onFenced;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::work, "products-topic");

  /**
   * @param onFenced called once if another pipeline has taken over; this one makes no further step
   */
  FeedWork(ProductFeed feed, Consumer<FencedException> onFenced) {
    this.feed = feed;
    this.onFenced = onFenced;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void work() {
    try {
      while (closed.getCount() > 0 && step()) {
        // Each step waits for records.
      }
    } catch (InterruptedException | InterruptException e) {
      log.debug("interrupted", e);
    } finally {
      // Kafka's clients do not close on a thread that is interrupted.
      Thread.interrupted();
      closeFeed();
    }
  }

  /** Makes a step, or waits after one that failed; returns whether there may be another. */
  private boolean step() throws InterruptedException {
    try {
      feed.step();
      return true;
    } catch (InterruptedException | InterruptException e) {
      throw e;
    } catch (Exception e) {
      if (closed.getCount() == 0) {
        return false;
      }
      FencedException fenced = ExceptionUtils.throwableOfType(e, FencedException.class);
      if (fenced != null) {
        onFenced.accept(fenced);
        return false;
      }
      log.warn(
          "the products topic cannot be applied, and is tried again in {} s: {}",
          PAUSE_AFTER_FAILURE.toSeconds(),
          QueryFailure.rootMessage(e));
      closeFeed();
      closed.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    }
  }

  /** Closes the feed. What fails then is told: the next step opens new connections all the same. */
  private void closeFeed() {
    try {
      feed.close();
    } catch (RuntimeException e) {
      log.warn(
          "the connections of the products topic cannot be closed: {}",
          QueryFailure.rootMessage(e));
    }
  }

  /** Waits for the end of the present step, and makes no further one. */
  @Override
  public void close() {
    closed.countDown();
    StepThread.end(thread);
  }
}
