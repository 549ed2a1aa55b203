package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BatchGateTest {

  private final BatchGate gate = new BatchGate();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  @AfterEach
  void interrupt() {
    threads.forEach(Thread::interrupt);
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private Thread start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                done.add("interrupted");
              }
            });
    threads.add(thread);
    thread.start();
    return thread;
  }

  private static void awaitWaiting(Thread thread) {
    await().until(() -> thread.getState() == Thread.State.WAITING);
  }

  private void step(String name, CountDownLatch end) throws InterruptedException {
    gate.between(
        () -> {
          try {
            done.add(name + " begins");
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          done.add(name + " ends");
          return true;
        });
  }

  private void batch() throws InterruptedException {
    gate.enter(true);
    done.add("batch");
    gate.leave(false);
  }

  @Test
  void a_batch_waits_for_the_step_under_way_and_comes_before_the_next() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    start(() -> step("first", end));
    await().until(() -> done.contains("first begins"));
    Thread second = start(() -> step("second", new CountDownLatch(0)));
    awaitWaiting(second);
    Thread batch = start(this::batch);
    awaitWaiting(batch);

    end.countDown();

    await().until(() -> done.size() == 5);
    assertThat(done)
        .containsExactly("first begins", "first ends", "batch", "second begins", "second ends");
  }

  @Test
  void a_step_waits_for_the_batch() throws Exception {
    gate.enter(true);
    Thread step = start(() -> step("step", new CountDownLatch(0)));
    awaitWaiting(step);
    assertThat(done).isEmpty();

    gate.leave(false);

    await().until(() -> done.contains("step ends"));
  }

  @Test
  void a_step_waits_until_the_batch_before_is_committed() throws Exception {
    gate.enter(true);
    Thread step = start(() -> step("step", new CountDownLatch(0)));
    awaitWaiting(step);
    gate.leave(true);
    awaitWaiting(step);
    assertThat(done).isEmpty();

    gate.committed();

    await().until(() -> done.contains("step ends"));
  }

  @Test
  void of_batches_that_follow_each_other_at_once_each_lets_one_step_go_before() throws Exception {
    gate.enter(true);
    List<Thread> steps =
        List.of(
            start(() -> step("a step", new CountDownLatch(0))),
            start(() -> step("a step", new CountDownLatch(0))));
    steps.forEach(BatchGateTest::awaitWaiting);
    gate.leave(true);

    for (int next = 0; next < 2; next++) {
      gate.enter(true);
      done.add("batch");
      gate.leave(true);
    }

    assertThat(done)
        .containsExactly(
            "a step begins", "a step ends", "batch", "a step begins", "a step ends", "batch");
  }

  @Test
  void a_batch_does_not_wait_for_a_step_that_was_interrupted() throws Exception {
    gate.enter(true);
    Thread step = start(() -> step("step", new CountDownLatch(0)));
    awaitWaiting(step);
    gate.leave(true);
    step.interrupt();
    step.join();

    batch();

    assertThat(done).containsExactly("interrupted", "batch");
  }

  @Test
  void a_batch_that_is_repeated_lets_no_step_go_before() throws Exception {
    gate.enter(true);
    Thread step = start(() -> step("step", new CountDownLatch(0)));
    awaitWaiting(step);
    gate.leave(true);

    gate.enter(false);
    done.add("batch");
    gate.leave(false);

    await().until(() -> done.contains("step ends"));
    assertThat(done).containsExactly("batch", "step begins", "step ends");
  }

  @Test
  void steps_go_on_where_the_batch_that_waited_was_interrupted() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    start(() -> step("first", end));
    await().until(() -> done.contains("first begins"));
    Thread batch = start(this::batch);
    awaitWaiting(batch);
    batch.interrupt();
    batch.join();

    end.countDown();
    start(() -> step("second", new CountDownLatch(0)));

    await().until(() -> done.contains("second ends"));
  }

  @Test
  void a_closed_gate_waits_for_the_batch_and_for_its_condition_and_lets_nothing_begin()
      throws Exception {
    AtomicBoolean committed = new AtomicBoolean();
    gate.enter(true);
    Thread closing =
        start(
            () -> {
              gate.close(committed::get, () -> true, Duration.ofHours(1));
              done.add("closed");
            });
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);

    gate.leave(false);
    assertThat(done).isEmpty();
    committed.set(true);
    gate.committed();

    closing.join();
    Thread batch = start(this::batch);
    awaitWaiting(batch);
    assertThat(done).containsExactly("closed");
  }

  @Test
  @Timeout(60)
  void closing_ends_where_waiting_is_in_vain_or_takes_too_long() throws Exception {
    gate.enter(true);

    gate.close(() -> true, () -> false, Duration.ofHours(1));
    gate.close(() -> true, () -> true, Duration.ofMillis(1));
  }
}
