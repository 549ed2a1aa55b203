package io.vectorstream.stream;

import io.vectorstream.monitoring.Health;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Looks at the health five times a second, and says when it has changed. */
final class HealthWatch implements AutoCloseable {

  private final Supplier<Health> health;
  private final Consumer<Health> onChange;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "health-watch");
            thread.setDaemon(true);
            return thread;
          });
  private Health last;

  HealthWatch(Supplier<Health> health, Consumer<Health> onChange) {
    this.health = health;
    this.onChange = onChange;
    clock.scheduleWithFixedDelay(this::look, 0, 200, TimeUnit.MILLISECONDS);
  }

  private synchronized void look() {
    Health now = health.get();
    if (last == null
        || last.state() != now.state()
        || !last.reason().equals(now.reason())
        || last.restarts() != now.restarts()) {
      last = now;
      onChange.accept(now);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    // A state that the last look did not see.
    look();
  }
}
