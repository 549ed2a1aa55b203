package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.vectorstream.config.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection to a server that fails in every way that it can. */
class VectorStoreTest {

  private final ScriptedQdrant qdrant;
  private final List<AutoCloseable> opened = new ArrayList<>();

  VectorStoreTest() throws IOException {
    qdrant = new ScriptedQdrant();
    opened.add(qdrant);
  }

  @AfterEach
  void close() throws Exception {
    // The server first: a connection waits for its calls when it is closed.
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void a_call_succeeds_that_was_not_answered_twice() {
    qdrant.failsWith(Status.UNAVAILABLE).failsWith(Status.UNAVAILABLE);

    assertThat(store().countEvents()).isEqualTo(ScriptedQdrant.POINTS);

    assertThat(qdrant.calls()).isEqualTo(3);
  }

  @Test
  void a_call_whose_deadline_passed_is_tried_again() {
    VectorStore store = store("qdrant.timeout=300ms");
    // So that the time goes to the call, and not to the connection.
    store.check();
    qdrant.staysSilent();

    assertThat(store.countEvents()).isEqualTo(ScriptedQdrant.POINTS);

    assertThat(qdrant.calls()).isGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"RESOURCE_EXHAUSTED", "INTERNAL", "ABORTED", "CANCELLED", "FAILED_PRECONDITION"})
  void a_call_is_tried_again_that_an_overloaded_or_failing_server_did_not_take(Status.Code code) {
    qdrant.failsWith(code.toStatus().withDescription("not now"));

    assertThat(store().countEvents()).isEqualTo(ScriptedQdrant.POINTS);

    assertThat(qdrant.calls()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "PERMISSION_DENIED",
        "UNAUTHENTICATED",
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "UNIMPLEMENTED"
      })
  void a_refusal_is_told_at_once_with_the_servers_own_words(Status.Code code) {
    qdrant.failsWith(code.toStatus().withDescription("there is no such thing"));
    VectorStore store = store();

    StoreException failure = failureOf(store);

    assertThat(failure.isPassing()).isFalse();
    assertThat(failure)
        .hasMessageStartingWith("Qdrant at " + store.address() + " refused: there is no such thing")
        .hasMessageMatching("[^\\n]*");
    assertThat(qdrant.calls()).isEqualTo(1);
  }

  @Test
  void a_point_deleted_between_reading_and_writing_is_worth_another_try_of_the_whole_batch() {
    qdrant.failsWith(Status.NOT_FOUND.withDescription("Not found: No point with id 7 found"));

    StoreException failure = failureOf(store());

    assertThat(failure.isPassing()).isTrue();
    assertThat(failure).hasMessageContaining("failed: Not found: No point with id 7 found");
    assertThat(qdrant.calls()).isEqualTo(1);
  }

  @Test
  void a_collection_that_stays_unknown_is_told_as_a_refusal() {
    qdrant.alwaysFailsWith(
        Status.NOT_FOUND.withDescription("Not found: Collection `events` doesn't exist!"));

    StoreException failure = failureOf(store("qdrant.connect_timeout=300ms"));

    assertThat(failure.isPassing()).isFalse();
    assertThat(failure).hasMessageContaining("refused: Not found: Collection `events`");
    assertThat(qdrant.calls()).isGreaterThan(1);
  }

  @Test
  void what_a_cluster_says_of_its_own_time_limits_is_told_in_its_words() {
    qdrant.alwaysFailsWith(
        Status.DEADLINE_EXCEEDED.withDescription("Timeout: Operation 'x' timed out after 10s"));

    StoreException failure = failureOf(store("qdrant.connect_timeout=50ms"));

    assertThat(failure.isPassing()).isTrue();
    assertThat(failure).hasMessageContaining("failed: Timeout: Operation 'x' timed out");
  }

  @Test
  void a_full_disk_is_told_at_once_with_the_way_out() {
    qdrant.failsWith(
        Status.INTERNAL.withDescription(
            "Service internal error: No space left on device: WAL buffer size exceeds available"
                + " disk space"));

    StoreException failure = failureOf(store());

    assertThat(failure.isPassing()).isFalse();
    assertThat(failure)
        .hasMessageContaining("has no space left on its disk")
        .hasMessageContaining("WAL buffer size exceeds available disk space")
        .hasMessageContaining("make room there and start again, nothing is lost");
    assertThat(qdrant.calls()).isEqualTo(1);
  }

  @Test
  void a_server_that_goes_on_failing_is_told_when_the_patience_is_over() {
    qdrant.alwaysFailsWith(Status.UNAVAILABLE);

    StoreException failure = failureOf(store("qdrant.connect_timeout=50ms"));

    assertThat(failure.isPassing()).isTrue();
    assertThat(failure).hasMessageContaining("does not answer; expected its gRPC port");
    assertThat(qdrant.calls()).isPositive();
  }

  @Test
  void a_port_that_nobody_listens_at_is_a_passing_failure() {
    qdrant.close();

    StoreException failure = failureOf(store("qdrant.connect_timeout=50ms"));

    assertThat(failure.isPassing()).isTrue();
    assertThat(failure).hasMessageContaining("does not answer");
  }

  @Test
  void who_is_interrupted_while_waiting_may_come_again() {
    qdrant.staysSilent();
    VectorStore store = store();

    Thread.currentThread().interrupt();
    StoreException failure = failureOf(store);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.isPassing()).isTrue();
    assertThat(failure).hasMessageContaining("interrupted while waiting for Qdrant");
  }

  @Test
  void a_sign_of_life_is_asked_for_once() {
    VectorStore store = store();
    assertThatCode(store::check).doesNotThrowAnyException();

    qdrant.alwaysFailsWith(Status.UNAUTHENTICATED.withDescription("no key"));

    assertThatThrownBy(store::check)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("refused: no key; check qdrant.api_key or qdrant.api_key_file");
  }

  @Test
  void an_outage_is_known_to_the_whole_process_until_the_server_answers_again() {
    Settings.Qdrant settings = qdrant.settings("qdrant.retry_for=150ms");
    assertThat(VectorStore.outage(settings)).isEmpty();
    VectorStore store = VectorStore.shared(settings);
    opened.add(() -> VectorStore.closeShared(settings));
    assertThat(VectorStore.shared(qdrant.settings("qdrant.retry_for=150ms"))).isSameAs(store);
    assertThat(VectorStore.outage(settings)).isEmpty();

    Instant before = Instant.now();
    qdrant.alwaysFailsWith(Status.UNAVAILABLE);
    begin(store, 8).forEach(call -> assertThat(failureOf(store, call).isPassing()).isTrue());

    assertThat(VectorStore.outage(settings))
        .hasValueSatisfying(
            outage -> {
              assertThat(outage.reason())
                  .isEqualTo("Qdrant at %s fails call after call (UNAVAILABLE)", store.address());
              assertThat(outage.since()).isBetween(before, Instant.now());
            });

    int callsBefore = qdrant.calls();
    begin(store, 100).forEach(call -> assertThat(failureOf(store, call).isPassing()).isTrue());
    assertThat(qdrant.calls() - callsBefore).as("calls that reached the server").isLessThan(10);

    qdrant.alwaysFailsWith(Status.OK);
    await().ignoreExceptions().until(() -> store.countEvents() == ScriptedQdrant.POINTS);
    assertThat(VectorStore.outage(settings)).isEmpty();

    VectorStore.closeShared(settings);
    assertThat(VectorStore.outage(settings)).isEmpty();
  }

  private static List<CompletableFuture<Long>> begin(VectorStore store, int calls) {
    List<CompletableFuture<Long>> begun = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      begun.add(store.submit(client -> client.countAsync("events")));
    }
    return begun;
  }

  private VectorStore store(String... overrides) {
    VectorStore store = VectorStore.connect(qdrant.settings(overrides));
    opened.add(store);
    return store;
  }

  private static StoreException failureOf(VectorStore store) {
    return catchThrowableOfType(StoreException.class, store::countEvents);
  }

  private static StoreException failureOf(VectorStore store, CompletableFuture<Long> call) {
    return catchThrowableOfType(StoreException.class, () -> store.await(call));
  }
}
