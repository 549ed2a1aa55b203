package io.vectorstream.store;

import com.google.common.collect.Lists;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The users who are forgotten in other collections of the same server: those of a pipeline with an
 * earlier model, or of a backup that was restored beside the others. The point in a forgotten
 * user's place has the id of the user's point and not the user's own, which is enough.
 */
public final class ForgottenElsewhere {

  private static final int PAGE = 5_000;

  private final VectorStore store;
  private final String users;
  private final ForgetRequests requests;

  public ForgottenElsewhere(VectorStore store) {
    this.store = store;
    this.users = store.collections().users();
    this.requests = new ForgetRequests(store);
  }

  /**
   * Returns the number of forgotten users in each other collection of the server that has any, by
   * the collection's name.
   */
  public Map<String, Long> find() {
    Map<String, Long> found = new TreeMap<>();
    for (String collection : store.collectionNames()) {
      if (!collection.equals(users) && isOfUsers(collection)) {
        long forgotten =
            store.ask(
                client ->
                    client.countAsync(collection, UserPoints.IS_FORGOTTEN, /* exact= */ true));
        if (forgotten > 0) {
          found.put(collection, forgotten);
        }
      }
    }
    return found;
  }

  private boolean isOfUsers(String collection) {
    try {
      CollectionInfo info = store.ask(client -> client.getCollectionInfoAsync(collection));
      return info.containsPayloadSchema(UserPoints.FORGOTTEN);
    } catch (StoreException e) {
      // Another client may have deleted it in the meantime.
      if (store.exists(collection)) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Forgets here who is forgotten in another collection: puts the same points in these users'
   * places, and takes what tells of them out of the stored events. It may be repeated, also after
   * it was cut off; no pipeline may write into these collections meanwhile.
   *
   * @param otherUsers the other collection's name
   * @return how many users were not known to be forgotten here
   * @throws StoreException if the other collection is none of users, or the server does not answer
   *     or refuses
   */
  public long takeOver(String otherUsers) {
    if (!isOfUsers(otherUsers)) {
      throw new StoreException(
          "collection '%s' at %s is none of users; expected one that a pipeline of this version, or of one that can forget users, has stored users in"
              .formatted(otherUsers, store.address()));
    }
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(otherUsers)
            .setFilter(UserPoints.IS_FORGOTTEN)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.enable(true))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    Set<UUID> all = new HashSet<>();
    long taken = 0;
    for (ScrollPages pages = new ScrollPages(store, request); pages.hasNext(); ) {
      List<RetrievedPoint> page = pages.next();
      page.forEach(point -> all.add(UUID.fromString(point.getId().getUuid())));
      taken += takeOver(page);
    }
    if (taken > 0) {
      requests.announce();
    }
    if (!all.isEmpty() && store.countEvents() > 0) {
      new UserErasure(store).anonymiseEvents(new ForgottenUsers(all));
    }
    return taken;
  }

  private long takeOver(List<RetrievedPoint> forgotten) {
    Set<PointId> known = forgottenHere(forgotten);
    List<PointStruct> missing = new ArrayList<>();
    for (RetrievedPoint point : forgotten) {
      if (!known.contains(point.getId())) {
        missing.add(
            PointStruct.newBuilder()
                .setId(point.getId())
                .setVectors(PointVectors.of((float[]) null))
                .putAllPayload(point.getPayloadMap())
                .build());
      }
    }
    for (List<PointStruct> some : Lists.partition(missing, CollectionPromises.POINTS_AT_ONCE)) {
      store.upsert(
          UpsertPoints.newBuilder()
              .setCollectionName(users)
              .setUpdateFilter(UserPoints.NOT_FORGOTTEN)
              .addAllPoints(some));
    }
    return missing.size();
  }

  private Set<PointId> forgottenHere(List<RetrievedPoint> forgotten) {
    return store
        .await(
            store.retrieve(
                users,
                Lists.transform(forgotten, RetrievedPoint::getId),
                WithPayloadSelectorFactory.include(List.of(UserPoints.FORGOTTEN)),
                WithVectorsSelectorFactory.enable(false)))
        .stream()
        .filter(point -> UserPoints.isForgotten(point.getPayloadMap()))
        .map(RetrievedPoint::getId)
        .collect(Collectors.toSet());
  }
}
