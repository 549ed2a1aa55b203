package io.vectorstream.local.store;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.BatchResult;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.CountResponse;
import io.qdrant.client.grpc.Points.CountResult;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.QueryBatchPoints;
import io.qdrant.client.grpc.Points.QueryBatchResponse;
import io.qdrant.client.grpc.Points.QueryGroupsResponse;
import io.qdrant.client.grpc.Points.QueryPointGroups;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.QueryResponse;
import io.qdrant.client.grpc.Points.RecommendPoints;
import io.qdrant.client.grpc.Points.RecommendResponse;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.SearchBatchPoints;
import io.qdrant.client.grpc.Points.SearchBatchResponse;
import io.qdrant.client.grpc.Points.SearchPoints;
import io.qdrant.client.grpc.Points.SearchResponse;
import io.qdrant.client.grpc.PointsGrpc;
import io.vectorstream.store.EncodedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Qdrant's service {@code Points}: the calls that read, and the whole as it is served. */
final class PointsService extends PointWrites {

  private final CollectionRegistry registry;
  private final Queries queries;
  private final Grouping grouping;

  PointsService(CollectionRegistry registry) {
    super(registry);
    this.registry = registry;
    this.queries = new Queries(registry);
    this.grouping = new Grouping(registry, queries);
  }

  /**
   * The service with upserts taken as bytes, see {@link UpsertDecoder}, and points read by their
   * ids given as bytes, see {@link RetrievedPoints}.
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
    long start = System.nanoTime();
    Call.answer(
        caller,
        () -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          Answer form =
              new Answer(
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
          return answer.toByteArray(Call.since(start));
        });
  }

  @Override
  public void scroll(ScrollPoints request, StreamObserver<ScrollResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () ->
            Scrolling.scroll(registry.get(request.getCollectionName()), request)
                .setTime(Call.since(start))
                .build());
  }

  @Override
  public void count(CountPoints request, StreamObserver<CountResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () -> {
          StoredCollection collection = registry.get(request.getCollectionName());
          Filter filter = request.getFilter();
          StrictMode strict = StrictMode.of(collection);
          strict.checkRead(filter);
          strict.checkExact(!request.hasExact() || request.getExact());
          strict.checkTimeout(request.hasTimeout(), request.getTimeout());
          long count = Selection.of(collection, filter).count();
          return CountResponse.newBuilder()
              .setResult(CountResult.newBuilder().setCount(count))
              .setTime(Call.since(start))
              .build();
        });
  }

  @Override
  public void query(QueryPoints request, StreamObserver<QueryResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () ->
            QueryResponse.newBuilder()
                .addAllResult(queries.query(request))
                .setTime(Call.since(start))
                .build());
  }

  @Override
  public void queryBatch(QueryBatchPoints request, StreamObserver<QueryBatchResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () -> {
          StrictMode.of(registry.get(request.getCollectionName()))
              .checkSearches(request.getQueryPointsCount());
          QueryBatchResponse.Builder answer = QueryBatchResponse.newBuilder();
          for (QueryPoints query : request.getQueryPointsList()) {
            QueryPoints here =
                query.toBuilder().setCollectionName(request.getCollectionName()).build();
            answer.addResult(BatchResult.newBuilder().addAllResult(queries.query(here)));
          }
          return answer.setTime(Call.since(start)).build();
        });
  }

  @Override
  public void queryGroups(QueryPointGroups request, StreamObserver<QueryGroupsResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () ->
            QueryGroupsResponse.newBuilder()
                .setResult(grouping.query(request))
                .setTime(Call.since(start))
                .build());
  }

  @Override
  public void search(SearchPoints request, StreamObserver<SearchResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () ->
            SearchResponse.newBuilder()
                .addAllResult(queries.query(OldRequests.asQuery(request)))
                .setTime(Call.since(start))
                .build());
  }

  @Override
  public void searchBatch(SearchBatchPoints request, StreamObserver<SearchBatchResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () -> {
          StrictMode.of(registry.get(request.getCollectionName()))
              .checkSearches(request.getSearchPointsCount());
          SearchBatchResponse.Builder answer = SearchBatchResponse.newBuilder();
          for (SearchPoints search : request.getSearchPointsList()) {
            SearchPoints here =
                search.toBuilder().setCollectionName(request.getCollectionName()).build();
            answer.addResult(
                BatchResult.newBuilder().addAllResult(queries.query(OldRequests.asQuery(here))));
          }
          return answer.setTime(Call.since(start)).build();
        });
  }

  @Override
  public void recommend(RecommendPoints request, StreamObserver<RecommendResponse> caller) {
    long start = System.nanoTime();
    Call.answer(
        caller,
        () ->
            RecommendResponse.newBuilder()
                .addAllResult(queries.query(OldRequests.asQuery(request)))
                .setTime(Call.since(start))
                .build());
  }
}
