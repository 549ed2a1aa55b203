package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Who is forgotten. A request with the user's id comes first; whoever asks from then on is told of
 * the user. What is left in the user's place remembers it for ever, without the id; when nothing of
 * the user can be written any more, the request goes.
 *
 * <p>It is read whole when it has changed, and costs one small call otherwise. It is meant for up
 * to some 100,000 users: that many are 4 MB for each task of a batch, and a second after each
 * change.
 */
public final class ForgetRegister {

  private static final int PAGE = 5_000;

  private final VectorStore store;
  private final ForgetRequests requests;
  private ForgottenUsers known;
  private ForgetRequests.State state;

  /** Over the connection that all batches of this JVM share. */
  public ForgetRegister(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public ForgetRegister(VectorStore store) {
    this.store = store;
    this.requests = new ForgetRequests(store);
  }

  /** Who is forgotten, or is just being forgotten, at this moment. */
  public synchronized ForgottenUsers current() {
    if (known == null || requests.revision() != state.revision()) {
      // The requests first: one that is gone by then has left its mark in the user's place.
      ForgetRequests.State now = requests.read();
      Set<UUID> points = forgotten();
      now.users().forEach(user -> points.add(PointIds.userUuid(user)));
      known = new ForgottenUsers(points);
      state = now;
    }
    return known;
  }

  /** The ids of those who were just being forgotten when {@link #current} was called last. */
  public synchronized Set<String> waiting() {
    return state == null ? Set.of() : state.users();
  }

  /** Those of these users who are still being forgotten. */
  public Set<String> waiting(Collection<String> userIds) {
    Set<String> waiting = new HashSet<>(userIds);
    waiting.retainAll(requests.read().users());
    return waiting;
  }

  /** Whether there are collections in which somebody could be. */
  public boolean exists() {
    return store.exists(store.collections().state()) && store.exists(store.collections().users());
  }

  /**
   * Asks for users to be forgotten. Batches that begin after this know it.
   *
   * @throws StoreException if too many wait, or the server does not answer
   */
  public void add(Collection<String> userIds) {
    requests.add(userIds);
  }

  /** Notes that nothing of these users can be written any more, and keeps their ids no longer. */
  public void done(Collection<String> userIds) {
    requests.remove(userIds);
  }

  private Set<UUID> forgotten() {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().users())
            .setFilter(
                Filter.newBuilder().addMust(ConditionFactory.match(UserPoints.FORGOTTEN, true)))
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.enable(false))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    Set<UUID> points = new HashSet<>();
    new Pages(store, request)
        .forEachRemaining(
            page -> page.forEach(point -> points.add(UUID.fromString(point.getId().getUuid()))));
    return points;
  }
}
