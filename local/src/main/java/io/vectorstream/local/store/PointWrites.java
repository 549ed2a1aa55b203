package io.vectorstream.local.store;

import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Points.ClearPayloadPoints;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.DeleteFieldIndexCollection;
import io.qdrant.client.grpc.Points.DeletePayloadPoints;
import io.qdrant.client.grpc.Points.DeletePointVectors;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import io.qdrant.client.grpc.Points.UpdateBatchResponse;
import io.qdrant.client.grpc.Points.UpdatePointVectors;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.PointsGrpc;
import java.util.function.ToLongFunction;

/** The part of Qdrant's service {@code Points} that writes points. */
abstract class PointWrites extends PointsGrpc.PointsImplBase {

  private final CollectionRegistry registry;

  PointWrites(CollectionRegistry registry) {
    this.registry = registry;
  }

  /** An upsert whose message was left encoded, see {@link UpsertDecoder}. */
  final void upsertEncoded(byte[] message, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        () -> UpsertDecoder.decode(message),
        UpsertRequest::collection,
        UpsertRequest::waiting,
        (collection, request) ->
            Updates.upsert(collection, request.points(), request.updateFilter(), request.mode()));
  }

  private interface Request<R> {
    R read();
  }

  private interface CollectionName<R> {
    String of(R request);
  }

  private interface Wait<R> {
    boolean of(R request);
  }

  private interface Update<R> {
    long apply(StoredCollection collection, R request);
  }

  private <R> void update(
      StreamObserver<PointsOperationResponse> caller,
      Request<R> message,
      CollectionName<R> name,
      Wait<R> wait,
      Update<R> update) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () -> {
          R request = message.read();
          long operation = update.apply(registry.get(name.of(request)), request);
          return PointsOperationResponse.newBuilder()
              .setResult(result(operation, wait.of(request)))
              .setTime(Call.since(start))
              .build();
        });
  }

  private void update(
      StreamObserver<PointsOperationResponse> caller,
      String name,
      boolean wait,
      ToLongFunction<StoredCollection> update) {
    update(
        caller,
        () -> name,
        same -> same,
        same -> wait,
        (collection, same) -> update.applyAsLong(collection));
  }

  /** All is done either way; a caller who did not wait for it is not told so. */
  private static UpdateResult result(long operation, boolean wait) {
    return UpdateResult.newBuilder()
        .setOperationId(operation)
        .setStatus(wait ? UpdateStatus.Completed : UpdateStatus.Acknowledged)
        .build();
  }

  @Override
  public void delete(DeletePoints request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection -> Updates.delete(collection, request.getPoints()));
  }

  @Override
  public void setPayload(SetPayloadPoints request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection ->
            Updates.setPayload(
                collection,
                request.getPointsSelector(),
                request.getKey(),
                request.getPayloadMap()));
  }

  @Override
  public void overwritePayload(
      SetPayloadPoints request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection ->
            Updates.overwritePayload(
                collection, request.getPointsSelector(), request.getPayloadMap()));
  }

  @Override
  public void deletePayload(
      DeletePayloadPoints request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection ->
            Updates.deletePayload(collection, request.getPointsSelector(), request.getKeysList()));
  }

  @Override
  public void clearPayload(
      ClearPayloadPoints request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection -> Updates.clearPayload(collection, request.getPoints()));
  }

  @Override
  public void updateVectors(
      UpdatePointVectors request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection ->
            Updates.updateVectors(collection, request.getPointsList(), request.getUpdateFilter()));
  }

  @Override
  public void deleteVectors(
      DeletePointVectors request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection ->
            Updates.deleteVectors(
                collection, request.getPointsSelector(), request.getVectors().getNamesList()));
  }

  @Override
  public void updateBatch(UpdateBatchPoints request, StreamObserver<UpdateBatchResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          if (request.getOperationsCount() == 0) {
            throw Refusal.invalid("Validation error in body: [operations: must not be empty]");
          }
          request.getOperationsList().forEach(StrictMode.of(collection)::check);
          UpdateBatchResponse.Builder answer = UpdateBatchResponse.newBuilder();
          for (PointsUpdateOperation operation : request.getOperationsList()) {
            answer.addResult(result(Updates.apply(collection, operation), request.getWait()));
          }
          return answer.setTime(Call.since(start)).build();
        });
  }

  @Override
  public void createFieldIndex(
      CreateFieldIndexCollection request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection -> {
          StrictMode.of(collection).checkNewIndex();
          registry.createIndex(collection, request.getFieldName(), PayloadSchema.of(request));
          return collection.counters().operation();
        });
  }

  @Override
  public void deleteFieldIndex(
      DeleteFieldIndexCollection request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        request.getCollectionName(),
        request.getWait(),
        collection -> {
          registry.deleteIndex(collection, request.getFieldName());
          return collection.counters().operation();
        });
  }
}
