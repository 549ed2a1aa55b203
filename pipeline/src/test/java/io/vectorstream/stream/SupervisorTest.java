package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.core.IntervalFunction;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.Health.State;
import io.vectorstream.stream.QueryFailure.Kind;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SupervisorTest {

  private static final IntervalFunction AT_ONCE = attempt -> 1L;
  private static final IntervalFunction IN_AN_HOUR = IntervalFunction.of(Duration.ofHours(1));

  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicLong committed = new AtomicLong();
  private Supervisor supervisor;

  @AfterEach
  void stop() {
    supervisor.stop();
  }

  @Test
  void a_query_that_runs_is_left_alone() {
    FakeQuery query = new FakeQuery();
    supervisor = supervisor(query::asQuery, AT_ONCE);
    assertThat(supervisor.health().state()).isEqualTo(State.STARTING);
    assertThat(supervisor.isQueryActive()).isFalse();

    supervisor.start();
    awaitState(State.RUNNING);

    assertThat(supervisor.health().reason()).isEmpty();
    assertThat(supervisor.health().restarts()).isZero();
    assertThat(supervisor.isQueryActive()).isTrue();
    assertThat(supervisor.isOver()).isFalse();
    assertThat(starts).hasValue(1);
  }

  @Test
  void a_query_that_failed_in_passing_is_started_again() {
    FakeQuery first = new FakeQuery();
    FakeQuery second = new FakeQuery();
    List<Health> healthAtStart = new CopyOnWriteArrayList<>();
    supervisor =
        supervisor(
            () -> {
              healthAtStart.add(supervisor.health());
              return (starts.get() == 1 ? first : second).asQuery();
            },
            AT_ONCE);
    supervisor.start();
    awaitState(State.RUNNING);

    first.fail(new Oops(Kind.PASSING, "no answer"));
    await().until(() -> starts.get() == 2 && supervisor.health().state() == State.RUNNING);

    assertThat(healthAtStart).hasSize(2);
    assertThat(healthAtStart.get(1).state()).isEqualTo(State.RESTARTING);
    assertThat(healthAtStart.get(1).reason()).isEqualTo("no answer");
    assertThat(healthAtStart.get(1).restarts()).isEqualTo(1);
    assertThat(supervisor.health().reason()).isEmpty();
    assertThat(supervisor.health().restarts()).isEqualTo(1);
    assertThat(supervisor.isQueryActive()).isTrue();
  }

  @Test
  void a_passing_failure_may_last_and_the_waits_grow_until_a_batch_is_committed() {
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    FakeQuery query = new FakeQuery();
    supervisor =
        supervisor(
            () -> {
              if (starts.get() == 21) {
                // The twentieth try came as far as a batch.
                committed.incrementAndGet();
              }
              if (starts.get() <= 22) {
                throw new Oops(Kind.PASSING, "still no answer");
              }
              return query.asQuery();
            },
            attempt -> {
              attempts.add(attempt);
              return 1L;
            });

    supervisor.start();
    awaitState(State.RUNNING);

    assertThat(attempts.subList(0, 20))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
    assertThat(attempts.subList(20, 22)).containsExactly(1, 2);
    assertThat(supervisor.health().restarts()).isEqualTo(22);
  }

  @Test
  void a_lasting_failure_ends_it() throws InterruptedException {
    FakeQuery query = new FakeQuery();
    supervisor = supervisor(query::asQuery, AT_ONCE);
    supervisor.start();
    awaitState(State.RUNNING);

    query.fail(new Oops(Kind.LASTING, "the topic is gone"));
    supervisor.awaitEnd();

    assertThat(supervisor.health().state()).isEqualTo(State.FAILED);
    assertThat(supervisor.health().reason()).isEqualTo("the topic is gone");
    assertThat(supervisor.health().restarts()).isZero();
    assertThat(supervisor.isOver()).isTrue();
    assertThat(supervisor.isQueryActive()).isFalse();
    assertThat(starts).hasValue(1);
  }

  @Test
  void a_lasting_failure_beside_the_query_ends_it() throws InterruptedException {
    FakeQuery query = new FakeQuery();
    supervisor = supervisor(query::asQuery, AT_ONCE);
    supervisor.start();
    awaitState(State.RUNNING);

    supervisor.end(new Oops(Kind.LASTING, "another has taken over"));
    supervisor.awaitEnd();

    assertThat(supervisor.health().state()).isEqualTo(State.FAILED);
    assertThat(supervisor.health().reason()).isEqualTo("another has taken over");
    assertThat(supervisor.isQueryActive()).isFalse();
    assertThat(starts).hasValue(1);
  }

  @Test
  void a_lasting_failure_beside_the_query_ends_it_while_it_waits_to_be_started_again()
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    supervisor =
        supervisor(
            () -> {
              begun.countDown();
              ended.await();
              throw new Oops(Kind.PASSING, "no answer");
            },
            AT_ONCE);
    supervisor.start();
    begun.await();

    supervisor.end(new Oops(Kind.LASTING, "another has taken over"));
    ended.countDown();
    supervisor.awaitEnd();

    assertThat(supervisor.health().state()).isEqualTo(State.FAILED);
    assertThat(supervisor.health().reason()).isEqualTo("another has taken over");
    assertThat(starts).hasValue(1);
  }

  @Test
  void being_stopped_after_it_failed_does_not_hide_the_failure() throws InterruptedException {
    supervisor =
        supervisor(
            () -> {
              throw new Oops(Kind.LASTING, "the topic is gone");
            },
            AT_ONCE);
    supervisor.start();
    supervisor.awaitEnd();

    supervisor.stop();

    assertThat(supervisor.health().state()).isEqualTo(State.FAILED);
    assertThat(supervisor.health().reason()).isEqualTo("the topic is gone");
  }

  @Test
  void an_unknown_failure_ends_it_after_five_more_tries_that_committed_nothing()
      throws InterruptedException {
    supervisor =
        supervisor(
            () -> {
              throw new Oops(Kind.UNKNOWN, "who knows");
            },
            AT_ONCE);

    supervisor.start();
    supervisor.awaitEnd();

    assertThat(supervisor.health().state()).isEqualTo(State.FAILED);
    assertThat(supervisor.health().reason()).isEqualTo("who knows");
    assertThat(supervisor.health().restarts()).isEqualTo(5);
    assertThat(starts).hasValue(6);
  }

  @Test
  void an_outage_uses_up_none_of_an_unknown_failures_tries() throws InterruptedException {
    supervisor =
        supervisor(
            () -> {
              // Ten passing failures, then by turns an unknown and a passing one.
              boolean unknown = starts.get() > 10 && starts.get() % 2 == 1;
              throw unknown
                  ? new Oops(Kind.UNKNOWN, "who knows")
                  : new Oops(Kind.PASSING, "no answer");
            },
            AT_ONCE);

    supervisor.start();
    supervisor.awaitEnd();

    assertThat(supervisor.health().state()).isEqualTo(State.FAILED);
    assertThat(supervisor.health().reason()).isEqualTo("who knows");
    assertThat(starts).as("ten, and six unknown ones with five between").hasValue(10 + 6 + 5);
  }

  @Test
  void an_unknown_failure_is_forgiven_as_long_as_batches_are_committed_between() {
    FakeQuery last = new FakeQuery();
    supervisor =
        supervisor(
            () -> {
              if (starts.get() > 30) {
                return last.asQuery();
              }
              FakeQuery query = new FakeQuery();
              // Every fifth try commits something.
              committed.addAndGet(starts.get() % 5 == 0 ? 1 : 0);
              query.fail(new Oops(Kind.UNKNOWN, "who knows"));
              return query.asQuery();
            },
            AT_ONCE);

    supervisor.start();
    await().until(() -> starts.get() == 31 && supervisor.health().state() == State.RUNNING);

    assertThat(supervisor.health().restarts()).isEqualTo(30);
  }

  @Test
  void an_error_while_starting_is_a_failure_too() throws InterruptedException {
    supervisor =
        supervisor(
            () -> {
              throw new ExceptionInInitializerError("a class that cannot be loaded");
            },
            AT_ONCE);

    supervisor.start();
    supervisor.awaitEnd();

    assertThat(supervisor.health().state()).isEqualTo(State.FAILED);
    assertThat(supervisor.health().reason()).isEqualTo("a class that cannot be loaded");
  }

  @Test
  void stopping_while_it_waits_to_start_again_ends_it_at_once() {
    supervisor =
        supervisor(
            () -> {
              throw new Oops(Kind.PASSING, "no answer");
            },
            IN_AN_HOUR);
    supervisor.start();
    awaitState(State.RESTARTING);

    supervisor.stop();

    assertThat(supervisor.isOver()).isTrue();
    assertThat(supervisor.health().state()).isEqualTo(State.STOPPED);
    assertThat(supervisor.health().reason()).isEmpty();
    assertThat(starts).hasValue(1);
  }

  @Test
  void stopping_while_it_runs_stops_the_query() {
    FakeQuery query = new FakeQuery();
    supervisor = supervisor(query::asQuery, AT_ONCE);
    supervisor.start();
    awaitState(State.RUNNING);

    supervisor.stop();

    assertThat(query.isActive()).isFalse();
    assertThat(supervisor.isOver()).isTrue();
    assertThat(supervisor.health().state()).isEqualTo(State.STOPPED);
    assertThat(starts).hasValue(1);
  }

  @Test
  void a_query_that_fails_because_it_is_stopped_has_not_failed() {
    FakeQuery query = new FakeQuery();
    query.failWhenStopped(new Oops(Kind.LASTING, "interrupted in the middle"));
    supervisor = supervisor(query::asQuery, AT_ONCE);
    supervisor.start();
    awaitState(State.RUNNING);

    supervisor.stop();

    assertThat(supervisor.health().state()).isEqualTo(State.STOPPED);
    assertThat(starts).hasValue(1);
  }

  @Test
  void stopping_while_the_query_is_being_started_stops_it_too() throws InterruptedException {
    FakeQuery query = new FakeQuery();
    CountDownLatch starting = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    supervisor =
        supervisor(
            () -> {
              starting.countDown();
              goOn.await();
              return query.asQuery();
            },
            AT_ONCE);
    supervisor.start();
    assertThat(starting.await(10, TimeUnit.SECONDS)).isTrue();

    Thread stopper = new Thread(supervisor::stop, "stopper");
    stopper.start();
    await().until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
    goOn.countDown();
    stopper.join();

    assertThat(query.isActive()).isFalse();
    assertThat(supervisor.isOver()).isTrue();
    assertThat(supervisor.health().state()).isEqualTo(State.STOPPED);
  }

  private Supervisor supervisor(Callable<StreamingQuery> start, IntervalFunction backoff) {
    return new Supervisor(
        () -> {
          starts.incrementAndGet();
          return start.call();
        },
        failure ->
            failure instanceof Oops oops
                ? new QueryFailure(oops.kind, oops.getMessage())
                : new QueryFailure(Kind.UNKNOWN, failure.getMessage()),
        committed::get,
        backoff);
  }

  private void awaitState(State state) {
    await().until(() -> supervisor.health().state() == state);
  }

  private static final class Oops extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    Oops(Kind kind, String message) {
      super(message);
      this.kind = kind;
    }
  }

  /** A query that ends when the test says so. */
  private static final class FakeQuery {
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile RuntimeException failureWhenStopped;

    void fail(RuntimeException failure) {
      end.completeExceptionally(failure);
    }

    void failWhenStopped(RuntimeException failure) {
      failureWhenStopped = failure;
    }

    boolean isActive() {
      return !end.isDone();
    }

    StreamingQuery asQuery() {
      return (StreamingQuery)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {StreamingQuery.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "isActive" -> isActive();
                    case "awaitTermination" -> awaitTermination();
                    case "stop" -> stop();
                    default -> throw new UnsupportedOperationException(method.toString());
                  });
    }

    private Void awaitTermination() throws Throwable {
      try {
        return end.get();
      } catch (ExecutionException e) {
        throw e.getCause();
      }
    }

    private Void stop() {
      if (failureWhenStopped != null) {
        fail(failureWhenStopped);
      }
      end.complete(null);
      return null;
    }
  }
}
