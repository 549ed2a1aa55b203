package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The register of forgotten users. First, a request with the user's id is stored; every reader sees
 * it from then on. The point left in the user's place records for ever, without the id, that the
 * user is forgotten. When no write of the user's data is possible any more, the request is deleted.
 *
 * <p>The register is read as a whole when it has changed, and costs one small call otherwise. It is
 * meant for up to some 100,000 users: that many are 4 MB for each task of a batch, and a second
 * after each change.
 */
public final class ForgetRegister {

  private static final int PAGE = 5_000;

  private final VectorStore store;
  private final ForgetRequests requests;
  private ForgottenUsers known;
  private ForgetRequests.State state;

  /** Uses the connection that all batches of this JVM share. */
  public ForgetRegister(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public ForgetRegister(VectorStore store) {
    this.store = store;
    this.requests = new ForgetRequests(store);
  }

  /** Returns the users who are forgotten, or are being forgotten, at this moment. */
  public synchronized ForgottenUsers current() {
    if (known == null || requests.revision() != state.revision()) {
      // Reads the requests first: if one is deleted by then, the mark in the user's place exists.
      ForgetRequests.State now = requests.read();
      Set<UUID> points = forgotten();
      now.users().forEach(user -> points.add(PointIds.userUuid(user)));
      known = new ForgottenUsers(points);
      state = now;
    }
    return known;
  }

  /** Returns the ids of users who were being forgotten at the last {@link #current}. */
  public synchronized Set<String> waiting() {
    return state == null ? Set.of() : state.users();
  }

  /** Returns those of these users who are still being forgotten. */
  public Set<String> waiting(Collection<String> userIds) {
    Set<String> waiting = new HashSet<>(userIds);
    waiting.retainAll(requests.read().users());
    return waiting;
  }

  /** Returns whether there are collections that could contain users. */
  public boolean exists() {
    return store.exists(store.collections().state()) && store.exists(store.collections().users());
  }

  /**
   * Requests that users are forgotten. Batches that begin after this respect it. @throws
   * StoreException if too many requests wait, or the server does not answer
   */
  public void add(Collection<String> userIds) {
    requests.add(userIds);
  }

  /** Notes that no write of these users' data is possible any more, and deletes their ids. */
  public void done(Collection<String> userIds) {
    requests.remove(userIds);
  }

  private Set<UUID> forgotten() {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().users())
            .setFilter(UserPoints.IS_FORGOTTEN)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.enable(false))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    Set<UUID> points = new HashSet<>();
    new ScrollPages(store, request)
        .forEachRemaining(
            page -> page.forEach(point -> points.add(UUID.fromString(point.getId().getUuid()))));
    return points;
  }
}
