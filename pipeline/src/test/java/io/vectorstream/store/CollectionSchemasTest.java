package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionExists;
import io.qdrant.client.grpc.Collections.CollectionExistsRequest;
import io.qdrant.client.grpc.Collections.CollectionExistsResponse;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionOperationResponse;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.CollectionsGrpc.CollectionsImplBase;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.PointsGrpc.PointsImplBase;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A scripted server whose answers get lost. */
class CollectionSchemasTest {

  private final Map<String, CollectionInfo> stored = new ConcurrentHashMap<>();
  private final List<String> made = new ArrayList<>();
  private volatile int lostAnswers;
  private final Server server;

  CollectionSchemasTest() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new StoredCollections())
            .addService(new Indexes())
            .build()
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  @Test
  void what_was_made_by_a_call_whose_answer_was_lost_is_taken_as_made() {
    lostAnswers = Integer.MAX_VALUE;

    assertThatCode(() -> ensure()).doesNotThrowAnyException();

    assertThat(stored.keySet())
        .containsExactlyInAnyOrder("products", "events", "users", "activity", "pairs", "state");
    assertThat(stored.get("products").getPayloadSchemaMap()).containsKeys("product.id", "model");
  }

  @Test
  void what_was_left_half_made_is_completed_by_the_next_start() {
    ensure();
    stored.computeIfPresent("users", (name, info) -> info.toBuilder().clearPayloadSchema().build());
    stored.remove("activity");
    made.clear();

    ensure();

    assertThat(made)
        .containsExactlyInAnyOrder(
            "activity",
            "users.user_id",
            "users.interest.pending_products[].text_hash",
            "users.queries_pending",
            "users.forgotten",
            "users.model");
  }

  @Test
  void a_collection_of_another_kind_that_was_made_meanwhile_is_refused_like_any_other() {
    lostAnswers = Integer.MAX_VALUE;
    stored.put(
        "activity",
        CollectionInfo.newBuilder()
            .setConfig(
                CollectionConfig.newBuilder()
                    .setParams(
                        CollectionParams.newBuilder()
                            .setVectorsConfig(
                                io.qdrant.client.grpc.Collections.VectorsConfig.newBuilder()
                                    .setParams(
                                        io.qdrant.client.grpc.Collections.VectorParams.newBuilder()
                                            .setSize(9)))))
            .build());

    assertThatThrownBy(this::ensure)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("'activity'")
        .hasMessageContaining("has vectors");
  }

  @Test
  void an_index_of_another_type_is_made_anew() {
    ensure();
    stored.computeIfPresent(
        "products",
        (name, info) ->
            info.toBuilder()
                .putPayloadSchema(
                    "product.price",
                    PayloadSchemaInfo.newBuilder().setDataType(PayloadSchemaType.Integer).build())
                .build());
    made.clear();

    ensure();

    assertThat(made).containsExactly("products.product.price");
  }

  private void ensure() {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of(
                "qdrant.host=" + InetAddress.getLoopbackAddress().getHostAddress(),
                "qdrant.port=" + server.getPort()));
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      new CollectionSchemas(store, 384, ModelIdentity.named("a-model")).ensure(false, true);
    }
  }

  /** Loses its answer after executing the call, as long as the test wants it. */
  private <T> void answer(StreamObserver<T> caller, T answer) {
    if (lostAnswers > 0) {
      lostAnswers--;
      caller.onError(Status.UNAVAILABLE.asRuntimeException());
      return;
    }
    caller.onNext(answer);
    caller.onCompleted();
  }

  private final class StoredCollections extends CollectionsImplBase {
    @Override
    public void collectionExists(
        CollectionExistsRequest request, StreamObserver<CollectionExistsResponse> caller) {
      caller.onNext(
          CollectionExistsResponse.newBuilder()
              .setResult(
                  CollectionExists.newBuilder()
                      // Another start creates it between the check and the call.
                      .setExists(
                          stored.containsKey(request.getCollectionName()) && lostAnswers == 0))
              .build());
      caller.onCompleted();
    }

    @Override
    public void create(
        CreateCollection request, StreamObserver<CollectionOperationResponse> caller) {
      String name = request.getCollectionName();
      CollectionInfo info =
          CollectionInfo.newBuilder()
              .setConfig(
                  CollectionConfig.newBuilder()
                      .setParams(
                          CollectionParams.newBuilder()
                              .setVectorsConfig(request.getVectorsConfig())))
              .build();
      if (stored.putIfAbsent(name, info) != null) {
        caller.onError(
            Status.ALREADY_EXISTS
                .withDescription("Wrong input: Collection `" + name + "` already exists!")
                .asRuntimeException());
        return;
      }
      made.add(name);
      answer(caller, CollectionOperationResponse.newBuilder().setResult(true).build());
    }

    @Override
    public void get(
        GetCollectionInfoRequest request, StreamObserver<GetCollectionInfoResponse> caller) {
      caller.onNext(
          GetCollectionInfoResponse.newBuilder()
              .setResult(stored.get(request.getCollectionName()))
              .build());
      caller.onCompleted();
    }
  }

  private final class Indexes extends PointsImplBase {
    @Override
    public void createFieldIndex(
        CreateFieldIndexCollection request, StreamObserver<PointsOperationResponse> caller) {
      PayloadSchemaType type =
          Stream.of(PayloadSchemaType.values())
              .filter(one -> ("FieldType" + one.name()).equals(request.getFieldType().name()))
              .findFirst()
              .orElseThrow();
      stored.computeIfPresent(
          request.getCollectionName(),
          (name, info) ->
              info.toBuilder()
                  .putPayloadSchema(
                      request.getFieldName(),
                      PayloadSchemaInfo.newBuilder().setDataType(type).build())
                  .build());
      made.add(request.getCollectionName() + "." + request.getFieldName());
      caller.onNext(
          PointsOperationResponse.newBuilder()
              .setResult(UpdateResult.getDefaultInstance())
              .build());
      caller.onCompleted();
    }

    @Override
    public void scroll(ScrollPoints request, StreamObserver<ScrollResponse> caller) {
      caller.onNext(ScrollResponse.getDefaultInstance());
      caller.onCompleted();
    }
  }
}
