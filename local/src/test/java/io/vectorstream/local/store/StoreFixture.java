package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.ValueFactory.value;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.Vectors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A store in a folder and the official client that talks to it, with short words for the tests. */
final class StoreFixture implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofSeconds(30);

  final EmbeddedVectorStore store;
  final QdrantClient client;

  StoreFixture(Path folder) {
    this(new EmbeddedVectorStore.Options(folder, 0), null);
  }

  StoreFixture(EmbeddedVectorStore.Options options, String apiKey) {
    store = EmbeddedVectorStore.start(options);
    client = client(store.port(), apiKey);
  }

  static QdrantClient client(int port, String apiKey) {
    QdrantGrpcClient.Builder builder = QdrantGrpcClient.newBuilder("localhost", port, false);
    Optional.ofNullable(apiKey).ifPresent(builder::withApiKey);
    return new QdrantClient(builder.build());
  }

  static <T> T get(ListenableFuture<T> future) {
    try {
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException status) {
        throw status;
      }
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The status that a call fails with. */
  static Status failure(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
    throw new AssertionError("the call did not fail");
  }

  void collection(String name, int size, Distance distance) {
    get(
        client.createCollectionAsync(
            name, VectorParams.newBuilder().setSize(size).setDistance(distance).build()));
  }

  /** A collection whose points have a payload only. */
  void payloadCollection(String name) {
    get(client.createCollectionAsync(name, Map.of()));
  }

  void upsert(String collection, PointStruct... points) {
    get(client.upsertAsync(collection, Arrays.asList(points)));
  }

  static PointStruct point(PointId id, Map<String, Value> payload, float... vector) {
    Vectors vectors =
        vector.length == 0 ? VectorsFactory.namedVectors(Map.of()) : VectorsFactory.vectors(vector);
    return PointStruct.newBuilder().setId(id).putAllPayload(payload).setVectors(vectors).build();
  }

  static PointStruct point(long id, Map<String, Value> payload, float... vector) {
    return point(id(id), payload, vector);
  }

  static Value object(Map<String, Value> fields) {
    return value(fields);
  }

  static PointsSelector byIds(long... ids) {
    PointsIdsList.Builder list = PointsIdsList.newBuilder();
    Arrays.stream(ids).forEach(number -> list.addIds(id(number)));
    return PointsSelector.newBuilder().setPoints(list).build();
  }

  static Filter must(Condition... conditions) {
    return Filter.newBuilder().addAllMust(Arrays.asList(conditions)).build();
  }

  static Filter keyword(String field, String wanted) {
    return must(matchKeyword(field, wanted));
  }

  long count(String collection) {
    return get(client.countAsync(collection, TIMEOUT));
  }

  long count(String collection, Filter filter) {
    return get(client.countAsync(collection, filter, true));
  }

  /** The numeric ids that a filter lets through, in the order of a scroll. */
  List<Long> matching(String collection, Filter filter) {
    return get(
            client.scrollAsync(
                ScrollPoints.newBuilder()
                    .setCollectionName(collection)
                    .setFilter(filter)
                    .setLimit(1000)
                    .build()))
        .getResultList()
        .stream()
        .map(point -> point.getId().getNum())
        .toList();
  }

  RetrievedPoint retrieve(String collection, long id) {
    List<RetrievedPoint> found = get(client.retrieveAsync(collection, id(id), true, true, null));
    return found.isEmpty() ? null : found.get(0);
  }

  Map<String, Value> payload(String collection, long id) {
    return retrieve(collection, id).getPayloadMap();
  }

  static List<Long> ids(List<ScoredPoint> points) {
    return points.stream().map(point -> point.getId().getNum()).toList();
  }

  @Override
  public void close() {
    client.close();
    store.close();
  }
}
