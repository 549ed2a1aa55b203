package io.vectorstream.local.store;

import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Collections.CollectionDescription;
import io.qdrant.client.grpc.Collections.CollectionExists;
import io.qdrant.client.grpc.Collections.CollectionExistsRequest;
import io.qdrant.client.grpc.Collections.CollectionExistsResponse;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionOperationResponse;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.DeleteCollection;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import io.qdrant.client.grpc.Collections.ListCollectionsRequest;
import io.qdrant.client.grpc.Collections.ListCollectionsResponse;
import io.qdrant.client.grpc.Collections.OptimizerStatus;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.CollectionsGrpc;
import java.util.function.BooleanSupplier;

/** Qdrant's service {@code Collections}. */
final class CollectionsService extends CollectionsGrpc.CollectionsImplBase {

  private final CollectionRegistry registry;

  CollectionsService(CollectionRegistry registry) {
    this.registry = registry;
  }

  private static void change(
      StreamObserver<CollectionOperationResponse> caller, BooleanSupplier change) {
    Call.answer(
        caller,
        call ->
            CollectionOperationResponse.newBuilder()
                .setResult(change.getAsBoolean())
                .setTime(call.seconds())
                .build());
  }

  @Override
  public void create(CreateCollection request, StreamObserver<CollectionOperationResponse> caller) {
    change(
        caller,
        () -> {
          registry.create(request);
          return true;
        });
  }

  @Override
  public void update(UpdateCollection request, StreamObserver<CollectionOperationResponse> caller) {
    change(
        caller,
        () -> {
          registry.update(request);
          return true;
        });
  }

  @Override
  public void delete(DeleteCollection request, StreamObserver<CollectionOperationResponse> caller) {
    change(caller, () -> registry.delete(request.getCollectionName()));
  }

  @Override
  public void list(ListCollectionsRequest request, StreamObserver<ListCollectionsResponse> caller) {
    Call.answer(
        caller,
        call -> {
          ListCollectionsResponse.Builder answer = ListCollectionsResponse.newBuilder();
          for (String name : registry.names()) {
            answer.addCollections(CollectionDescription.newBuilder().setName(name));
          }
          return answer.setTime(call.seconds()).build();
        });
  }

  @Override
  public void collectionExists(
      CollectionExistsRequest request, StreamObserver<CollectionExistsResponse> caller) {
    Call.answer(
        caller,
        call -> {
          CollectionSettings.checkName(request.getCollectionName());
          return CollectionExistsResponse.newBuilder()
              .setResult(
                  CollectionExists.newBuilder()
                      .setExists(registry.exists(request.getCollectionName())))
              .setTime(call.seconds())
              .build();
        });
  }

  @Override
  public void get(
      GetCollectionInfoRequest request, StreamObserver<GetCollectionInfoResponse> caller) {
    Call.answer(
        caller,
        call ->
            GetCollectionInfoResponse.newBuilder()
                .setResult(info(registry.get(request.getCollectionName())))
                .setTime(call.seconds())
                .build());
  }

  private static CollectionInfo info(StoredCollection collection) {
    long points = collection.counters().points();
    CollectionInfo.Builder info =
        CollectionInfo.newBuilder()
            .setStatus(CollectionStatus.Green)
            .setOptimizerStatus(OptimizerStatus.newBuilder().setOk(true))
            .setSegmentsCount(1)
            .setPointsCount(points)
            .setIndexedVectorsCount(0)
            .setConfig(CollectionSettings.config(collection.settings()));
    collection.indexes().forEach((field, index) -> info.putPayloadSchema(field, index.info()));
    return info.build();
  }
}
