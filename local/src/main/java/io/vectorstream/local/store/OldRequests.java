package io.vectorstream.local.store;

import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RecommendInput;
import io.qdrant.client.grpc.Points.RecommendPoints;
import io.qdrant.client.grpc.Points.SearchPoints;
import io.qdrant.client.grpc.Points.Vector;
import io.qdrant.client.grpc.Points.VectorInput;
import java.util.List;
import java.util.stream.Stream;

/** The calls Search and Recommend, which clients still offer, as the queries that replaced them. */
final class OldRequests {

  private OldRequests() {}

  /** An old-style search as a query. */
  static QueryPoints asQuery(SearchPoints request) {
    if (request.hasSparseIndices()) {
      throw Refusal.unsupported("A sparse vector");
    }
    requireLimit(request.getLimit());
    QueryPoints.Builder query =
        QueryPoints.newBuilder()
            .setCollectionName(request.getCollectionName())
            .setQuery(
                Query.newBuilder()
                    .setNearest(
                        VectorInput.newBuilder()
                            .setDense(
                                DenseVector.newBuilder().addAllData(request.getVectorList()))))
            .setLimit(request.getLimit())
            .setOffset(request.getOffset())
            .setUsing(request.getVectorName());
    setFilter(query, request.hasFilter(), request.getFilter());
    if (request.hasScoreThreshold()) {
      query.setScoreThreshold(request.getScoreThreshold());
    }
    if (request.hasWithPayload()) {
      query.setWithPayload(request.getWithPayload());
    }
    if (request.hasWithVectors()) {
      query.setWithVectors(request.getWithVectors());
    }
    return query.build();
  }

  /** An old-style recommendation as a query. */
  static QueryPoints asQuery(RecommendPoints request) {
    requireLimit(request.getLimit());
    QueryPoints.Builder query =
        QueryPoints.newBuilder()
            .setCollectionName(request.getCollectionName())
            .setQuery(
                Query.newBuilder()
                    .setRecommend(
                        RecommendInput.newBuilder()
                            .addAllPositive(
                                inputs(request.getPositiveList(), request.getPositiveVectorsList()))
                            .addAllNegative(
                                inputs(request.getNegativeList(), request.getNegativeVectorsList()))
                            .setStrategy(request.getStrategy())))
            .setLimit(request.getLimit())
            .setOffset(request.getOffset())
            .setUsing(request.getUsing());
    setFilter(query, request.hasFilter(), request.getFilter());
    if (request.hasLookupFrom()) {
      query.setLookupFrom(request.getLookupFrom());
    }
    if (request.hasScoreThreshold()) {
      query.setScoreThreshold(request.getScoreThreshold());
    }
    if (request.hasWithPayload()) {
      query.setWithPayload(request.getWithPayload());
    }
    if (request.hasWithVectors()) {
      query.setWithVectors(request.getWithVectors());
    }
    return query.build();
  }

  private static void requireLimit(long limit) {
    if (limit < 1) {
      throw Refusal.invalid(
          "Validation error in body: [limit: value 0 invalid, must be 1 or larger]");
    }
  }

  private static void setFilter(QueryPoints.Builder query, boolean given, Filter filter) {
    if (given) {
      query.setFilter(filter);
    }
  }

  private static List<VectorInput> inputs(List<PointId> ids, List<Vector> vectors) {
    return Stream.concat(
            ids.stream().map(id -> VectorInput.newBuilder().setId(id).build()),
            vectors.stream()
                .map(
                    vector ->
                        VectorInput.newBuilder()
                            .setDense(DenseVector.newBuilder().addAllData(VectorSpec.dense(vector)))
                            .build()))
        .toList();
  }
}
