package io.vectorstream.local.run;

import io.vectorstream.local.run.BatchLog.LastBatch;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.Optional;

/** The source of a display's content. It asks the store once a batch, not once a second. */
final class ProgressReader {
  private final VectorStore store;
  private final BatchLog log;
  private final Duration trigger;

  private long lastNanos;
  private long lastSent;
  private long countedBatch = -1;
  private long products;
  private long users;

  ProgressReader(VectorStore store, BatchLog log, Duration trigger) {
    this.store = store;
    this.log = log;
    this.trigger = trigger;
  }

  /** Counts what is sent from here on as offered. */
  void startOver(long sent) {
    lastNanos = System.nanoTime();
    lastSent = sent;
  }

  /**
   * @param startNanos when the run began, by {@link System#nanoTime}
   * @param sent records sent until now
   */
  RunProgress read(long startNanos, Optional<Duration> duration, long sent) {
    long now = System.nanoTime();
    double offered = now > lastNanos ? (sent - lastSent) * 1e9 / (now - lastNanos) : 0;
    lastNanos = now;
    lastSent = sent;
    Optional<LastBatch> last = log.last();
    last.ifPresent(this::askStore);
    return new RunProgress(
        Duration.ofNanos(now - startNanos),
        duration,
        sent,
        Math.max(0, offered),
        last.map(this::handled).orElse(0.0),
        log.totals(),
        products,
        users,
        last);
  }

  private void askStore(LastBatch last) {
    if (last.batch().id() != countedBatch) {
      countedBatch = last.batch().id();
      products = store.countProducts();
      users = store.countUsers();
    }
  }

  private double handled(LastBatch last) {
    long slot = Math.max(trigger.toMillis(), last.batch().durationMs());
    return last.batch().events() * 1000.0 / slot;
  }
}
