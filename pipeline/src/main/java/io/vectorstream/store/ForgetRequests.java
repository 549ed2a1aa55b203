package io.vectorstream.store;

import static io.vectorstream.store.Payload.integer;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The requests to forget users of whom something may still be stored: one point beside the {@link
 * Ledger}. Only here is the id of such a user kept, and only until no write of the user's data is
 * possible any more.
 *
 * <p>Each change names the state that it follows, and is read back, as in the ledger.
 */
final class ForgetRequests {

  /** The limit of unprocessed requests that this point is made for. */
  private static final int MOST = 10_000;

  /** The limit of tries: in each try one of the competing processes succeeds. */
  private static final int TRIES = 100;

  private static final PointId POINT = PointIds.point("vectorstream users to forget");

  private static final String REVISION = "revision";
  private static final String WRITER = "writer";
  private static final String USERS = "users";

  private final VectorStore store;
  private final StatePoint point;

  ForgetRequests(VectorStore store) {
    this.store = store;
    this.point = new StatePoint(store, POINT);
  }

  /**
   * @param revision counts the changes; 0 if there never was a request
   * @param writer a new value for each change
   * @param users their ids
   */
  record State(long revision, String writer, Set<String> users) {

    private static final State NONE = new State(0, "", Set.of());

    State {
      users = Set.copyOf(users);
    }

    private State followedBy(Set<String> next) {
      return new State(revision + 1, UUID.randomUUID().toString(), next);
    }

    private Map<String, Value> payload() {
      return Map.of(
          REVISION,
          integer(revision),
          WRITER,
          text(writer),
          USERS,
          Payload.list(new TreeSet<>(users).stream().map(Payload::text).toList()));
    }

    private static State of(Map<String, Value> payload) {
      return new State(
          payload.get(REVISION).getIntegerValue(),
          payload.get(WRITER).getStringValue(),
          payload.get(USERS).getListValue().getValuesList().stream()
              .map(Value::getStringValue)
              .collect(Collectors.toSet()));
    }
  }

  /** Returns the revision, which shows whether anything has changed. */
  long revision() {
    return point
        .read(WithPayloadSelectorFactory.include(List.of(REVISION)))
        .map(payload -> payload.get(REVISION).getIntegerValue())
        .orElse(0L);
  }

  State read() {
    return point.read(WithPayloadSelectorFactory.enable(true)).map(State::of).orElse(State.NONE);
  }

  /**
   * Adds users; ignores those who are in it already.
   *
   * @throws StoreException if too many requests wait
   */
  void add(Collection<String> userIds) {
    change(
        users -> {
          users.addAll(userIds);
          if (users.size() > MOST) {
            throw new StoreException(
                "%,d users would wait to be forgotten in collection '%s' at %s, expected %,d at most; forget fewer at once, and start the pipeline, which works that off"
                    .formatted(users.size(), store.collections().state(), store.address(), MOST));
          }
          return users;
        });
  }

  void remove(Collection<String> userIds) {
    change(
        users -> {
          users.removeAll(userIds);
          return users;
        });
  }

  /** Writes a change without a new user, which makes every reader read all of them again. */
  void announce() {
    change(users -> users, true);
  }

  private void change(UnaryOperator<Set<String>> change) {
    change(change, false);
  }

  private void change(UnaryOperator<Set<String>> change, boolean evenIfEqual) {
    for (int i = 0; i < TRIES; i++) {
      State before = read();
      Set<String> next = change.apply(new HashSet<>(before.users()));
      boolean isDone = next.equals(before.users()) && !evenIfEqual;
      if (isDone || replace(before, before.followedBy(next))) {
        return;
      }
    }
    throw new StoreException(
        "the list of users to forget in collection '%s' at %s is changed by others as fast as by this process"
            .formatted(store.collections().state(), store.address()));
  }

  /** Replaces the state; returns false if another process has changed it. */
  private boolean replace(State before, State next) {
    Filter expected =
        before.revision() == 0
            ? null
            : Filter.newBuilder()
                .addMust(ConditionFactory.match(REVISION, before.revision()))
                .addMust(ConditionFactory.matchKeyword(WRITER, before.writer()))
                .build();
    point.write(next.payload(), expected);
    return read().equals(next);
  }
}
