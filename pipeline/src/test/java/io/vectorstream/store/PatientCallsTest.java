package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import io.github.resilience4j.core.IntervalFunction;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vectorstream.store.VectorStore.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class PatientCallsTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(1);
  private static final IntervalFunction SHORT_WAIT = IntervalFunction.of(Duration.ofMillis(1));

  private final List<PatientCalls> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(PatientCalls::close);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "CANCELLED",
        "RESOURCE_EXHAUSTED",
        "ABORTED",
        "INTERNAL",
        "FAILED_PRECONDITION"
      })
  void what_fails_in_passing_is_tried_again_until_it_succeeds(Status.Code code) throws Exception {
    Script script = new Script(code.toStatus(), code.toStatus());

    assertThat(answer(calls(LONG, SHORT_WAIT).submit(script))).isEqualTo("answer");

    assertThat(script.tries()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = Mode.EXCLUDE,
      names = {
        "OK",
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "CANCELLED",
        "RESOURCE_EXHAUSTED",
        "ABORTED",
        "INTERNAL",
        "FAILED_PRECONDITION"
      })
  void what_would_be_refused_again_is_not_tried_again(Status.Code code) {
    Script script = new Script(code.toStatus());

    assertThat(failure(calls(LONG, SHORT_WAIT).submit(script))).isEqualTo(code);

    assertThat(script.tries()).isEqualTo(1);
  }

  @Test
  void a_write_is_tried_again_that_was_refused_for_want_of_memory() throws Exception {
    Script script =
        new Script(
            Status.INVALID_ARGUMENT.withDescription(
                "Bad request: Resident memory usage is at 91% of total memory, exceeding the"
                    + " configured limit of 90%. Help: Reduce memory usage or raise"
                    + " `max_resident_memory_percent` in strict mode."));

    assertThat(answer(calls(LONG, SHORT_WAIT).submit(script))).isEqualTo("answer");

    assertThat(script.tries()).isEqualTo(2);
  }

  @Test
  void a_collection_that_is_not_known_yet_is_asked_for_again() throws Exception {
    Status unknown = unknownCollection();
    Script script = new Script(unknown, unknown);

    assertThat(answer(calls(LONG, SHORT_WAIT).submit(script))).isEqualTo("answer");

    assertThat(script.tries()).isEqualTo(3);
  }

  @Test
  void a_collection_that_stays_unknown_is_given_up_long_before_the_patience_is_over() {
    Script script = Script.failing(unknownCollection());
    IntervalFunction wait = IntervalFunction.of(UNTIL_KNOWN.plusMillis(1));

    assertThat(failure(calls(LONG, wait).submit(script))).isEqualTo(Status.Code.NOT_FOUND);

    assertThat(script.tries()).isEqualTo(2);
  }

  private static Status unknownCollection() {
    return Status.NOT_FOUND.withDescription("Not found: Collection `events` doesn't exist!");
  }

  @Test
  void a_point_that_is_gone_is_not_asked_for_again_by_the_same_call() {
    Status gone = Status.NOT_FOUND.withDescription("Not found: No point with id 7 found");
    Script script = new Script(gone);

    assertThat(failure(calls(LONG, SHORT_WAIT).submit(script))).isEqualTo(Status.Code.NOT_FOUND);

    assertThat(script.tries()).isEqualTo(1);
    assertThat(PatientCalls.isMissingPoint(gone.asRuntimeException())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Service internal error: No space left on device: WAL buffer size exceeds available disk"
            + " space",
        "disk usage is above max_disk_usage_percent"
      })
  void a_full_disk_is_not_tried_again(String description) {
    for (Status status : List.of(Status.INTERNAL, Status.RESOURCE_EXHAUSTED)) {
      Script script = new Script(status.withDescription(description));

      assertThat(failure(calls(LONG, SHORT_WAIT).submit(script))).isEqualTo(status.getCode());

      assertThat(script.tries()).isEqualTo(1);
    }
  }

  @Test
  void a_call_is_given_up_when_the_patience_is_at_its_end() {
    Script once = Script.failing(Status.UNAVAILABLE);
    assertThat(failure(calls(Duration.ZERO, SHORT_WAIT).submit(once)))
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(once.tries()).isEqualTo(1);

    // The second try comes when the patience is over.
    Script twice = Script.failing(Status.UNAVAILABLE);
    Duration patience = Duration.ofMillis(300);
    IntervalFunction wait = IntervalFunction.of(patience);
    assertThat(failure(calls(patience, wait).submit(twice))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(twice.tries()).isEqualTo(2);
  }

  @Test
  void the_wait_after_each_failure_of_a_call_is_the_next_of_the_backoff() throws Exception {
    List<Integer> attempts = new ArrayList<>();
    IntervalFunction backoff =
        attempt -> {
          attempts.add(attempt);
          return 1L;
        };

    answer(calls(LONG, backoff).submit(new Script(Status.ABORTED, Status.UNAVAILABLE)));

    assertThat(attempts).containsExactly(1, 2);
  }

  @Test
  void a_call_that_was_cancelled_between_two_tries_is_not_tried_again() throws Exception {
    AtomicReference<CompletableFuture<String>> cancelled = new AtomicReference<>();
    // Called when another try is already decided.
    IntervalFunction backoff =
        attempt -> {
          cancelled.get().cancel(true);
          return 1L;
        };
    PatientCalls calls = calls(LONG, backoff);
    Server server = new Server();
    cancelled.set(calls.submit(server));

    server.next().setException(Status.UNAVAILABLE.asRuntimeException());

    // Waits on the same thread, and is due later.
    assertThat(answer(calls.submit(new Script(Status.UNAVAILABLE)))).isEqualTo("answer");
    assertThat(server.tries()).isEqualTo(1);
    assertThat(cancelled.get()).isCancelled();
  }

  @Test
  void a_call_that_is_cancelled_while_it_is_under_way_is_not_tried_again() throws Exception {
    PatientCalls calls = calls(LONG, SHORT_WAIT);
    Server server = new Server();
    CompletableFuture<String> call = calls.submit(server);

    call.cancel(true);
    server.next().setException(Status.UNAVAILABLE.asRuntimeException());

    assertThat(answer(calls.submit(new Script(Status.UNAVAILABLE)))).isEqualTo("answer");
    assertThat(server.tries()).isEqualTo(1);
    assertThatThrownBy(call::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void a_server_that_fails_call_after_call_is_asked_by_one_call_at_a_time() throws Exception {
    AtomicInteger waits = new AtomicInteger();
    IntervalFunction backoff =
        attempt -> {
          waits.incrementAndGet();
          return 1L;
        };
    PatientCalls calls = calls(LONG, backoff);
    Server server = new Server();
    Instant before = Instant.now();
    for (int i = 0; i < 4; i++) {
      // These are cancelled, so they are not tried again.
      calls.submit(server).cancel(true);
    }
    assertThat(calls.outage()).isEmpty();
    for (int i = 0; i < 4; i++) {
      server.next().setException(Status.UNAVAILABLE.asRuntimeException());
    }
    Outage outage = calls.outage().orElseThrow();
    assertThat(outage.reason()).isEqualTo("UNAVAILABLE");
    assertThat(outage.since()).isBetween(before, Instant.now());

    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(calls.submit(server));
    }
    for (int probe = 0; probe < 5; probe++) {
      SettableFuture<String> asked = server.next();
      // Every one of the others has been refused several times.
      int turnedAway = waits.get() + 3 * answers.size();
      await().until(() -> waits.get() >= turnedAway);
      assertThat(server.tries()).isEqualTo(4 + 1 + probe);
      asked.setException(Status.DEADLINE_EXCEEDED.asRuntimeException());
    }
    assertThat(calls.outage()).contains(outage);

    server.next().set("answer");
    await().until(() -> calls.outage().isEmpty());
    server.answerAll("answer");
    for (CompletableFuture<String> answer : answers) {
      assertThat(answer(answer)).isEqualTo("answer");
    }
    assertThat(calls.outage()).isEmpty();
  }

  @Test
  void refusals_are_no_outage() {
    PatientCalls calls = calls(LONG, SHORT_WAIT);

    for (int i = 0; i < 20; i++) {
      failure(calls.submit(new Script(Status.NOT_FOUND)));
    }

    assertThat(calls.outage()).isEmpty();
  }

  @Test
  void a_call_that_waits_for_its_next_try_fails_when_the_connection_is_closed() {
    PatientCalls calls = calls(LONG, IntervalFunction.of(Duration.ofHours(1)));
    CompletableFuture<String> waiting = calls.submit(Script.failing(Status.UNAVAILABLE));
    assertThat(waiting).isNotDone();

    calls.close();

    assertThat(failure(waiting)).isEqualTo(Status.Code.CANCELLED);
  }

  private PatientCalls calls(Duration patience, IntervalFunction backoff) {
    PatientCalls calls = new PatientCalls(patience, backoff, UNTIL_KNOWN);
    opened.add(calls);
    return calls;
  }

  private static String answer(CompletableFuture<String> call) throws Exception {
    return call.get(10, TimeUnit.SECONDS);
  }

  private static Status.Code failure(CompletableFuture<String> call) {
    try {
      throw new AssertionError("answered " + answer(call));
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(StatusRuntimeException.class);
      return Status.fromThrowable(e).getCode();
    } catch (Exception e) {
      throw new AssertionError("no failure of the call itself", e);
    }
  }

  /** Fails as scripted, then answers. */
  private static final class Script implements Supplier<ListenableFuture<String>> {
    private final Iterator<Status> failures;
    private final AtomicInteger tries = new AtomicInteger();

    Script(Status... failures) {
      this(List.of(failures).iterator());
    }

    private Script(Iterator<Status> failures) {
      this.failures = failures;
    }

    static Script failing(Status status) {
      return new Script(Stream.generate(() -> status).iterator());
    }

    @Override
    public ListenableFuture<String> get() {
      tries.incrementAndGet();
      return failures.hasNext()
          ? Futures.immediateFailedFuture(failures.next().asRuntimeException())
          : Futures.immediateFuture("answer");
    }

    int tries() {
      return tries.get();
    }
  }

  /** A server that answers when the test says so. */
  private static final class Server implements Supplier<ListenableFuture<String>> {
    private final BlockingQueue<SettableFuture<String>> asked = new LinkedBlockingQueue<>();
    private final AtomicInteger tries = new AtomicInteger();
    private String answer;

    @Override
    public synchronized ListenableFuture<String> get() {
      tries.incrementAndGet();
      if (answer != null) {
        return Futures.immediateFuture(answer);
      }
      SettableFuture<String> future = SettableFuture.create();
      asked.add(future);
      return future;
    }

    SettableFuture<String> next() throws InterruptedException {
      SettableFuture<String> next = asked.poll(10, TimeUnit.SECONDS);
      assertThat(next).as("the server is asked").isNotNull();
      return next;
    }

    synchronized void answerAll(String text) {
      answer = text;
      asked.forEach(future -> future.set(text));
    }

    int tries() {
      return tries.get();
    }
  }
}
