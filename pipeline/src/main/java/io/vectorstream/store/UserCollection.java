package io.vectorstream.store;

import com.google.common.collect.Iterators;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.merge.Trail;
import io.vectorstream.merge.UserState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The stored users, read and written many at a time. */
public final class UserCollection {

  private static final int PAGE = 200;

  private static final Condition QUERIES_PENDING =
      ConditionFactory.match(UserPoints.QUERIES_PENDING, true);

  private final VectorStore store;
  private final String collection;

  /** Uses the connection that all batches of this JVM share. */
  public UserCollection(Settings.Qdrant settings) {
    this(VectorStore.shared(settings));
  }

  public UserCollection(VectorStore store) {
    this.store = store;
    this.collection = store.collections().users();
  }

  /** Returns the states of these users, by their ids, without unknown and forgotten ones. */
  public Map<String, UserState> states(List<String> userIds) {
    return states(userIds, Fence.READER);
  }

  /**
   * Returns the same, for a writer that is going to change them. Its writes for a forgotten user
   * change nothing.
   *
   * @param fence of the writer
   * @throws FencedException if a later writer has written one of them
   */
  public Map<String, UserState> states(List<String> userIds, Fence fence) {
    return reading(userIds, fence).get();
  }

  /** Begins to read users as {@link #states} does; the supplier waits for the answer. */
  public Supplier<Map<String, UserState>> reading(List<String> userIds, Fence fence) {
    CompletableFuture<List<RetrievedPoint>> points =
        store.retrieve(
            collection,
            userIds.stream().map(PointIds::user).toList(),
            WithPayloadSelectorFactory.enable(true),
            WithVectorsSelectorFactory.enable(true));
    return () -> admitted(store.await(points), fence);
  }

  private Map<String, UserState> admitted(List<RetrievedPoint> points, Fence fence) {
    Map<String, UserState> states = new HashMap<>();
    for (RetrievedPoint point : points) {
      if (UserPoints.isForgotten(point.getPayloadMap())) {
        continue;
      }
      fence.requireAdmits(point.getPayloadMap(), collection);
      UserState state = state(point);
      states.put(state.userId(), state);
    }
    return states;
  }

  /** Reads a user's state. Corrects times in the future, which an earlier version stored. */
  private static UserState state(RetrievedPoint point) {
    return UserPoints.state(point).notFromTheFuture(System.currentTimeMillis() * 1000);
  }

  /** A user's trail, and the last batch that changed the user. */
  public record MarkedTrail(Trail trail, String batch) {}

  /**
   * Returns the trails of the stored ones among these users, by their ids, without forgotten ones.
   *
   * @throws FencedException if a later writer than {@code fence} has written one of them
   */
  public Map<String, MarkedTrail> trails(List<String> userIds, Fence fence) {
    Map<String, MarkedTrail> trails = new HashMap<>();
    for (RetrievedPoint point :
        store.await(
            store.retrieve(
                collection,
                userIds.stream().map(PointIds::user).toList(),
                WithPayloadSelectorFactory.include(
                    List.of(Field.USER_ID, Field.BATCH, UserPoints.TRAIL, Fence.FIELD)),
                WithVectorsSelectorFactory.enable(false)))) {
      Map<String, Value> payload = point.getPayloadMap();
      if (payload.containsKey(Field.USER_ID)) {
        fence.requireAdmits(payload, collection);
        trails.put(
            payload.get(Field.USER_ID).getStringValue(),
            new MarkedTrail(UserPoints.trail(payload), payload.get(Field.BATCH).getStringValue()));
      }
    }
    return trails;
  }

  /** Returns the marks of the stored ones among these users, by their ids. */
  public Map<String, String> marks(List<String> userIds) {
    Map<String, String> marks = new HashMap<>();
    store
        .await(
            store.retrieve(
                collection,
                userIds.stream().map(PointIds::user).toList(),
                WithPayloadSelectorFactory.include(List.of(Field.USER_ID, Field.BATCH)),
                WithVectorsSelectorFactory.enable(false)))
        .stream()
        .map(RetrievedPoint::getPayloadMap)
        .filter(payload -> payload.containsKey(Field.USER_ID))
        .forEach(
            payload ->
                marks.put(
                    payload.get(Field.USER_ID).getStringValue(),
                    payload.get(Field.BATCH).getStringValue()));
    return marks;
  }

  /**
   * Returns users in the order of their points' ids.
   *
   * @param from the first point's id; empty for the first of all
   */
  public StoredPage<UserState> page(String from, int limit) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.enable(true));
    ScrollResponse page = ScrollPages.page(store, request, from);
    List<UserState> states = new ArrayList<>();
    List<String> forgotten = new ArrayList<>();
    for (RetrievedPoint point : page.getResultList()) {
      if (UserPoints.isForgotten(point.getPayloadMap())) {
        forgotten.add(point.getId().getUuid());
      } else {
        states.add(state(point));
      }
    }
    return new StoredPage<>(states, forgotten, ScrollPages.next(page));
  }

  /** Returns the number of users, forgotten ones among them, counted by the server. */
  public long count() {
    return store.ask(client -> client.countAsync(collection));
  }

  /**
   * Puts the points that stand in the place of forgotten users into another collection, too.
   *
   * @param points their ids
   */
  public void copyForgotten(List<String> points, UserCollection to) {
    if (points.isEmpty()) {
      return;
    }
    List<RetrievedPoint> forgotten =
        store.await(
            store.retrieve(
                collection,
                points.stream().map(id -> PointId.newBuilder().setUuid(id).build()).toList(),
                WithPayloadSelectorFactory.enable(true),
                WithVectorsSelectorFactory.enable(false)));
    UpsertPoints.Builder marks =
        UpsertPoints.newBuilder()
            .setCollectionName(to.collection)
            .setUpdateFilter(UserPoints.NOT_FORGOTTEN);
    forgotten.forEach(
        point ->
            marks.addPoints(
                PointStruct.newBuilder()
                    .setId(point.getId())
                    .setVectors(PointVectors.of((float[]) null))
                    .putAllPayload(point.getPayloadMap())));
    to.store.upsert(marks);
  }

  /** Returns, page by page, the users whose interests wait for one of these product texts. */
  public Iterator<List<UserState>> waitingForProducts(List<String> textHashes) {
    return pages(ConditionFactory.matchKeywords(UserPoints.PENDING_PRODUCTS, textHashes));
  }

  /** Returns the users whose interests wait for a search query's embedding, each in turn. */
  public Rotation<UserState> waitingForQueries() {
    return new Rotation<>(store, scroll(QUERIES_PENDING).build(), UserCollection::state);
  }

  /** Returns the number of users whose interests wait for a search query's embedding. */
  public long countWaitingForQueries() {
    Filter filter = Filter.newBuilder().addMust(QUERIES_PENDING).build();
    return store.ask(client -> client.countAsync(collection, filter, true));
  }

  private ScrollPoints.Builder scroll(Condition condition) {
    return ScrollPoints.newBuilder()
        .setCollectionName(collection)
        .setFilter(Filter.newBuilder().addMust(condition))
        .setWithPayload(WithPayloadSelectorFactory.enable(true))
        .setWithVectors(WithVectorsSelectorFactory.enable(true));
  }

  private Iterator<List<UserState>> pages(Condition condition) {
    return Iterators.transform(
        new ScrollPages(store, scroll(condition).setLimit(PAGE)),
        page -> page.stream().map(UserCollection::state).toList());
  }

  /** Returns the user with the most events among the first {@value ScrollPages#LOOKED_THROUGH}. */
  public Optional<UserState> busiest() {
    return ScrollPages.largest(
        store, scroll(UserPoints.HAS_USER), UserCollection::state, state -> state.counts().total());
  }

  /**
   * Returns the vector of a user's interest, {@code float[384]} with the bundled model; empty for a
   * user who is not stored, or is forgotten, or has shown no interest yet.
   */
  public Optional<float[]> interest(String userId) {
    return store
        .await(
            store.retrieve(
                collection,
                List.of(PointIds.user(userId)),
                WithPayloadSelectorFactory.enable(false),
                WithVectorsSelectorFactory.enable(true)))
        .stream()
        .map(PointVectors::of)
        .filter(Objects::nonNull)
        .findFirst();
  }

  /**
   * Writes users and waits until they are acknowledged. A user whom a later writer has written
   * stays as it is.
   *
   * @param model the model of the vectors that their interests are made of
   */
  public void store(List<UserState> states, String model, Fence fence) {
    store.upsert(
        UpsertPoints.newBuilder()
            .setCollectionName(collection)
            .setUpdateFilter(fence.admits())
            .addAllPoints(
                states.stream()
                    .map(state -> UserPoints.builder(state, model))
                    .map(point -> point.putPayload(Fence.FIELD, fence.value()).build())
                    .toList()));
  }
}
