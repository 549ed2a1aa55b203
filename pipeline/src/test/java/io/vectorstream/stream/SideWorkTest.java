package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;

class SideWorkTest {

  @Test
  void its_failure_is_thrown_to_who_waits_for_it() {
    IllegalStateException failure = new IllegalStateException("Kafka is away");

    try (SideWork work =
        SideWork.begin(
            "test",
            () -> {
              throw failure;
            })) {
      assertThatThrownBy(work::await).isSameAs(failure);
    }
  }

  @Test
  void closing_it_interrupts_what_has_not_ended_and_waits_for_it() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();

    assertThatThrownBy(
            () -> {
              try (SideWork work =
                  SideWork.begin(
                      "test",
                      () -> {
                        begun.countDown();
                        try {
                          new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                          ended.set(true);
                        }
                      })) {
                begun.await();
                throw new IllegalStateException("a merge failed");
              }
            })
        .hasMessage("a merge failed");

    assertThat(ended).isTrue();
  }

  @Test
  void who_waits_for_it_can_be_interrupted() {
    try (SideWork work =
        SideWork.begin(
            "test",
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(work::await).isInstanceOf(InterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
