package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.Health.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthWatchTest {

  private final AtomicInteger looks = new AtomicInteger();
  private final List<Health> told = new CopyOnWriteArrayList<>();
  private volatile Health health = health(State.STARTING, "", 0);
  private HealthWatch watch;

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void only_what_has_changed_is_told() {
    watch = watch(told::add);
    awaitLooks();
    assertThat(told).extracting(Health::state).containsExactly(State.STARTING);

    becomes(health(State.RUNNING, "", 0));
    becomes(health(State.WAITING, "Qdrant fails call after call", 0));
    becomes(health(State.WAITING, "no word from Kafka", 0));
    becomes(health(State.WAITING, "no word from Kafka", 1));
    // The same state again, since another time.
    becomes(health(State.WAITING, "no word from Kafka", 1));

    assertThat(told)
        .extracting(Health::state, Health::reason, Health::restarts)
        .containsExactly(
            tuple(State.STARTING, "", 0),
            tuple(State.RUNNING, "", 0),
            tuple(State.WAITING, "Qdrant fails call after call", 0),
            tuple(State.WAITING, "no word from Kafka", 0),
            tuple(State.WAITING, "no word from Kafka", 1));
  }

  @Test
  void the_last_state_is_told_when_the_watch_ends() {
    watch = new HealthWatch(this::look, told::add, Duration.ofHours(1));
    watch.start();
    await().until(() -> told.size() == 1);

    health = health(State.STOPPED, "", 0);
    watch.close();
    watch.close();

    assertThat(told).extracting(Health::state).containsExactly(State.STARTING, State.STOPPED);
  }

  @Test
  void a_listener_that_fails_hears_of_the_next_change_and_does_not_stop_the_close() {
    watch =
        watch(
            state -> {
              told.add(state);
              throw new IllegalStateException("a listener that fails");
            });
    awaitLooks();

    becomes(health(State.RUNNING, "", 0));
    becomes(health(State.FAILED, "gone", 0));
    health = health(State.STOPPED, "", 0);
    watch.close();

    assertThat(told)
        .extracting(Health::state)
        .containsExactly(State.STARTING, State.RUNNING, State.FAILED, State.STOPPED);
  }

  private HealthWatch watch(Consumer<Health> listener) {
    HealthWatch started = new HealthWatch(this::look, listener, Duration.ofMillis(1));
    started.start();
    return started;
  }

  private void becomes(Health next) {
    health = next;
    awaitLooks();
  }

  /** Waits until the health has been checked more often than a repeated report would need. */
  private void awaitLooks() {
    int enough = looks.get() + 4;
    await().until(() -> looks.get() >= enough);
  }

  private Health look() {
    looks.incrementAndGet();
    return health;
  }

  private static Health health(State state, String reason, int restarts) {
    return new Health(state, Instant.now(), reason, restarts);
  }
}
