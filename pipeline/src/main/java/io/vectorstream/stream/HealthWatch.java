package io.vectorstream.stream;

import io.vectorstream.monitoring.Health;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watch that checks the health five times a second, and reports changes. */
final class HealthWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

  private final Supplier<Health> health;
  private final Consumer<Health> onChange;
  private final Duration pause;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "health-watch");
            thread.setDaemon(true);
            return thread;
          });
  private Health last;

  HealthWatch(Supplier<Health> health, Consumer<Health> onChange) {
    this(health, onChange, Duration.ofMillis(200));
  }

  /**
   * @param pause between two checks
   */
  HealthWatch(Supplier<Health> health, Consumer<Health> onChange, Duration pause) {
    this.health = health;
    this.onChange = onChange;
    this.pause = pause;
  }

  /** Begins to check. */
  void start() {
    clock.scheduleWithFixedDelay(this::look, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void look() {
    Health now = health.get();
    if (last == null
        || last.state() != now.state()
        || !last.reason().equals(now.reason())
        || last.restarts() != now.restarts()) {
      last = now;
      try {
        onChange.accept(now);
      } catch (RuntimeException e) {
        // The timer would not call again, and the caller that closes the watch has more to close.
        log.warn("a listener failed at the state {}", now.state(), e);
      }
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    // Checks once more for a state that the last check did not see.
    look();
  }
}
