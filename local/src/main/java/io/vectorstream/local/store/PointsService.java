package io.vectorstream.local.store;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.CountResponse;
import io.qdrant.client.grpc.Points.CountResult;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.CreateVectorNameRequest;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.QueryResponse;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import io.qdrant.client.grpc.Points.UpdateBatchResponse;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.PointsGrpc;
import io.vectorstream.store.EncodedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Qdrant's service {@code Points}. */
final class PointsService extends PointsGrpc.PointsImplBase {

  private static final Set<String> SET_PAYLOAD_OPTIONS =
      Set.of("collection_name", "wait", "payload", "points_selector", "ordering", "timeout");

  private static final Set<String> NEW_VECTOR_OPTIONS =
      Set.of("collection_name", "wait", "vector_name", "sparse_config", "ordering", "timeout");

  private final CollectionRegistry registry;

  PointsService(CollectionRegistry registry) {
    this.registry = registry;
  }

  /**
   * Returns the service, which takes upserts as bytes, see {@link UpsertDecoder}, and gives points
   * read by their ids as bytes, see {@link RetrievedPoints}.
   */
  ServerServiceDefinition definition() {
    MethodDescriptor<byte[], PointsOperationResponse> upsert =
        PointsGrpc.getUpsertMethod().toBuilder(
                new EncodedMessage(),
                ProtoUtils.marshaller(PointsOperationResponse.getDefaultInstance()))
            .build();
    MethodDescriptor<GetPoints, byte[]> get =
        PointsGrpc.getGetMethod().toBuilder(
                ProtoUtils.marshaller(GetPoints.getDefaultInstance()), new EncodedMessage())
            .build();
    List<ServerMethodDefinition<?, ?>> methods =
        new ArrayList<>(
            List.of(
                ServerMethodDefinition.create(
                    upsert, ServerCalls.asyncUnaryCall(this::upsertEncoded)),
                ServerMethodDefinition.create(get, ServerCalls.asyncUnaryCall(this::getEncoded))));
    Set<String> encoded = Set.of(upsert.getFullMethodName(), get.getFullMethodName());
    bindService().getMethods().stream()
        .filter(method -> !encoded.contains(method.getMethodDescriptor().getFullMethodName()))
        .forEach(methods::add);
    ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(PointsGrpc.SERVICE_NAME);
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(service::addMethod);
    return service.build();
  }

  private void getEncoded(GetPoints request, StreamObserver<byte[]> caller) {
    Call.answer(
        caller,
        call -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          AnswerPoints form =
              new AnswerPoints(
                  collection,
                  PayloadSelector.of(request.hasWithPayload(), request.getWithPayload(), false),
                  request.getWithVectors());
          RetrievedPoints answer = new RetrievedPoints();
          List<PointKey> keys = request.getIdsList().stream().map(PointKey::of).distinct().toList();
          for (StoredPoint point : collection.get(keys)) {
            if (point != null) {
              form.retrieve(point, answer);
            }
          }
          return answer.toByteArray(call.seconds());
        });
  }

  @Override
  public void scroll(ScrollPoints request, StreamObserver<ScrollResponse> caller) {
    Call.answer(
        caller,
        call ->
            Scrolling.scroll(registry.get(request.getCollectionName()), request)
                .setTime(call.seconds())
                .build());
  }

  @Override
  public void count(CountPoints request, StreamObserver<CountResponse> caller) {
    Call.answer(
        caller,
        call -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          StrictMode.of(collection).checkRead(request.getFilter());
          long count = Selection.of(collection, request.getFilter()).count();
          return CountResponse.newBuilder()
              .setResult(CountResult.newBuilder().setCount(count))
              .setTime(call.seconds())
              .build();
        });
  }

  @Override
  public void query(QueryPoints request, StreamObserver<QueryResponse> caller) {
    Call.answer(
        caller,
        call ->
            QueryResponse.newBuilder()
                .addAllResult(Search.nearest(registry.get(request.getCollectionName()), request))
                .setTime(call.seconds())
                .build());
  }

  /** Answers an upsert whose message was left encoded, see {@link UpsertDecoder}. */
  private void upsertEncoded(byte[] message, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        () -> {
          UpsertRequest request = UpsertDecoder.decode(message);
          long operation =
              Updates.upsert(
                  registry.get(request.collection()),
                  request.points(),
                  request.updateFilter(),
                  request.mode());
          return result(operation, request.waiting());
        });
  }

  private static void update(
      StreamObserver<PointsOperationResponse> caller, Supplier<UpdateResult> update) {
    Call.answer(
        caller,
        call ->
            PointsOperationResponse.newBuilder()
                .setResult(update.get())
                .setTime(call.seconds())
                .build());
  }

  /**
   * Returns the state of an operation: done, or only acknowledged to a caller who did not ask to
   * wait, as Qdrant has it. It is done either way.
   */
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
        () -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          return result(Updates.delete(collection, request.getPoints()), request.getWait());
        });
  }

  @Override
  public void setPayload(SetPayloadPoints request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        () -> {
          Refusal.checkOptions("a change of payload", request, SET_PAYLOAD_OPTIONS);
          StoredCollection collection = registry.get(request.getCollectionName());
          return result(
              Updates.setPayload(collection, request.getPointsSelector(), request.getPayloadMap()),
              request.getWait());
        });
  }

  @Override
  public void updateBatch(UpdateBatchPoints request, StreamObserver<UpdateBatchResponse> caller) {
    Call.answer(
        caller,
        call -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          if (request.getOperationsCount() == 0) {
            throw Refusal.invalid("Validation error in body: [operations: must not be empty]");
          }
          request.getOperationsList().forEach(one -> Updates.check(collection, one));
          UpdateBatchResponse.Builder answer = UpdateBatchResponse.newBuilder();
          for (PointsUpdateOperation operation : request.getOperationsList()) {
            answer.addResult(result(Updates.apply(collection, operation), request.getWait()));
          }
          return answer.setTime(call.seconds()).build();
        });
  }

  @Override
  public void createVectorName(
      CreateVectorNameRequest request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        () -> {
          Refusal.checkOptions("a new vector", request, NEW_VECTOR_OPTIONS);
          Refusal.checkOptions("a new vector", request.getSparseConfig(), Set.of("modifier"));
          StoredCollection collection = registry.get(request.getCollectionName());
          SparseVectorParams.Builder params = SparseVectorParams.newBuilder();
          if (request.getSparseConfig().hasModifier()) {
            params.setModifier(request.getSparseConfig().getModifier());
          }
          registry.addSparse(collection, request.getVectorName(), params.build());
          return result(collection.counters().operation(), request.getWait());
        });
  }

  @Override
  public void createFieldIndex(
      CreateFieldIndexCollection request, StreamObserver<PointsOperationResponse> caller) {
    update(
        caller,
        () -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          StrictMode.of(collection).checkNewIndex();
          registry.createIndex(collection, request.getFieldName(), PayloadSchema.of(request));
          return result(collection.counters().operation(), request.getWait());
        });
  }
}
