package io.vectorstream.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class NativeWorkTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final NativeWork work = new NativeWork();

  @Test
  void the_end_waits_for_what_is_in_hand() {
    CountDownLatch held = new CountDownLatch(1);
    CompletableFuture<Void> call = inAnotherThread(held);

    CompletableFuture<Boolean> end = end(LONG, LONG);
    Awaitility.await().untilAsserted(() -> assertThatThrownBy(work::check).isNotNull());
    assertThat(end).isNotDone();
    held.countDown();

    assertThat(end.join()).isTrue();
    assertThat(call.join()).isNull();
  }

  @Test
  void what_native_work_needs_is_released_after_the_last() {
    CountDownLatch held = new CountDownLatch(1);
    List<String> steps = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> call = inAnotherThread(held).thenRun(() -> steps.add("done"));
    work.atEnd(() -> steps.add("released"));

    CompletableFuture<Boolean> end = end(LONG, LONG);
    Awaitility.await().untilAsserted(() -> assertThatThrownBy(work::check).isNotNull());
    assertThat(steps).isEmpty();
    held.countDown();
    end.join();
    call.join();

    assertThat(steps).containsExactlyInAnyOrder("done", "released");
  }

  @Test
  void none_begins_after_the_end() {
    assertThat(end(LONG, LONG).join()).isTrue();

    assertThatThrownBy(() -> work.run(() -> 1))
        .isInstanceOf(NativeWork.EndingException.class)
        .hasMessageContaining("the process is ending");
  }

  @Test
  void what_needs_it_to_finish_can_go_on_until_it_has() {
    NativeWork.Lease lease = work.keepPossible();
    CompletableFuture<Boolean> end = end(LONG, LONG);

    assertThat(work.run(() -> 42)).isEqualTo(42);
    assertThat(end).isNotDone();
    lease.close();
    lease.close();

    assertThat(end.join()).isTrue();
    assertThatThrownBy(work::check).isInstanceOf(NativeWork.EndingException.class);
  }

  @Test
  void it_does_not_wait_for_ever() {
    CountDownLatch held = new CountDownLatch(1);
    inAnotherThread(held);
    work.keepPossible();

    assertThat(end(Duration.ZERO, Duration.ZERO).join()).isFalse();
    held.countDown();
  }

  @Test
  void a_call_that_fails_is_over() {
    assertThatThrownBy(
            () ->
                work.run(
                    () -> {
                      throw new IllegalArgumentException("no model");
                    }))
        .hasMessage("no model");

    assertThat(end(LONG, LONG).join()).isTrue();
  }

  private CompletableFuture<Void> inAnotherThread(CountDownLatch held) {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> call =
        CompletableFuture.runAsync(
            () ->
                work.run(
                    () -> {
                      begun.countDown();
                      return await(held);
                    }));
    await(begun);
    return call;
  }

  private CompletableFuture<Boolean> end(Duration longestLease, Duration longestCall) {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                end.complete(work.end(longestLease, longestCall));
              } catch (InterruptedException e) {
                end.completeExceptionally(e);
              }
            })
        .start();
    return end;
  }

  private static Void await(CountDownLatch latch) {
    try {
      latch.await();
      return null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
