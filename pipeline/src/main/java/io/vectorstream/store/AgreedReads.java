package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.ReadConsistency;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import io.vectorstream.trace.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of points by their ids from several copies, for points that are changed and written back.
 *
 * <p>Qdrant leaves a point out of its answer when the copies disagree about it, so that the point
 * seems never to have been stored. A missing point is therefore asked for again by its id alone: a
 * point that both copies have, in different versions, is read again until they agree. A copy that
 * was away learns within seconds that it is behind, and is not asked any more. If copies still
 * disagree after that, a write was cut off and never acknowledged; then either version is right,
 * and the one of the asked node is taken.
 */
final class AgreedReads {

  private static final Logger log = LoggerFactory.getLogger(AgreedReads.class);

  private static final int TRIES = 10;
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final ReadConsistency ONE = ReadConsistency.newBuilder().setFactor(1).build();

  private final VectorStore store;
  private final Duration between;

  /** The replication of collections, asked once; a later change counts from the next start on. */
  private final Map<String, CompletableFuture<Boolean>> replicated = new ConcurrentHashMap<>();

  AgreedReads(VectorStore store) {
    this(store, BETWEEN);
  }

  AgreedReads(VectorStore store, Duration between) {
    this.store = store;
    this.between = between;
  }

  CompletableFuture<List<RetrievedPoint>> retrieve(
      String collection,
      List<PointId> ids,
      WithPayloadSelector payload,
      WithVectorsSelector vectors) {
    GetPoints request =
        GetPoints.newBuilder()
            .setCollectionName(collection)
            .addAllIds(ids)
            .setWithPayload(payload)
            .setWithVectors(vectors)
            .build();
    if (ids.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return isReplicated(collection)
        .thenCompose(Step.carried(several -> several ? agreed(request, 1) : ask(request)));
  }

  private CompletableFuture<List<RetrievedPoint>> ask(GetPoints request) {
    return store.submit(client -> client.retrieveAsync(request, null));
  }

  private CompletableFuture<Boolean> isReplicated(String collection) {
    CompletableFuture<Boolean> known =
        replicated.computeIfAbsent(
            collection,
            name ->
                store
                    .submit(client -> client.getCollectionInfoAsync(name))
                    .thenApply(info -> info.getConfig().getParams().getReplicationFactor() > 1));
    if (known.isCompletedExceptionally()) {
      replicated.remove(collection, known);
    }
    return known;
  }

  private CompletableFuture<List<RetrievedPoint>> agreed(GetPoints request, int attempt) {
    return ask(request)
        .thenCompose(
            Step.carried(
                found -> {
                  List<PointId> missing = missing(request.getIdsList(), found);
                  if (missing.isEmpty()) {
                    return CompletableFuture.completedFuture(found);
                  }
                  return ask(idsOnly(request, missing))
                      .thenCompose(
                          Step.carried(
                              known ->
                                  known.isEmpty()
                                      ? CompletableFuture.completedFuture(found)
                                      : disputed(request, found, known, attempt)));
                }));
  }

  private CompletableFuture<List<RetrievedPoint>> disputed(
      GetPoints request, List<RetrievedPoint> found, List<RetrievedPoint> known, int attempt) {
    GetPoints.Builder again =
        request.toBuilder()
            .clearIds()
            .addAllIds(known.stream().map(RetrievedPoint::getId).toList());
    CompletableFuture<List<RetrievedPoint>> rest;
    if (attempt < TRIES) {
      rest =
          CompletableFuture.supplyAsync(
                  () -> null,
                  CompletableFuture.delayedExecutor(between.toMillis(), TimeUnit.MILLISECONDS))
              .thenCompose(Step.carried(unused -> agreed(again.build(), attempt + 1)));
    } else {
      log.warn(
          "the copies of {} points of collection '{}' at {} still differ after {} tries; the"
              + " answer of one node is used",
          known.size(),
          request.getCollectionName(),
          store.address(),
          TRIES);
      rest = ask(again.setReadConsistency(ONE).build());
    }
    return rest.thenApply(
        more -> {
          List<RetrievedPoint> all = new ArrayList<>(found);
          all.addAll(more);
          return all;
        });
  }

  private static GetPoints idsOnly(GetPoints request, List<PointId> ids) {
    return request.toBuilder()
        .clearIds()
        .addAllIds(ids)
        .setWithPayload(WithPayloadSelectorFactory.enable(false))
        .setWithVectors(WithVectorsSelectorFactory.enable(false))
        .build();
  }

  private static List<PointId> missing(List<PointId> ids, List<RetrievedPoint> found) {
    Set<PointId> there = new HashSet<>();
    found.forEach(point -> there.add(point.getId()));
    return ids.stream().filter(id -> !there.contains(id)).distinct().toList();
  }
}
