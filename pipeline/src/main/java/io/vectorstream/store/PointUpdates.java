package io.vectorstream.store;

import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import java.util.List;

/** Changes of several kinds to a collection's points, sent in one call. */
final class PointUpdates {

  private PointUpdates() {}

  /** Makes the changes, in their order, and waits until they are acknowledged. */
  static void apply(VectorStore store, String collection, List<PointsUpdateOperation> operations) {
    if (operations.isEmpty()) {
      return;
    }
    UpdateBatchPoints update =
        UpdateBatchPoints.newBuilder()
            .setCollectionName(collection)
            .setWait(true)
            .addAllOperations(operations)
            .build();
    store.ask(client -> client.batchUpdateAsync(update, null));
  }

  /** Returns a selector of the points of these products, by their own ids. */
  static PointsSelector points(List<String> ids) {
    return PointsSelector.newBuilder()
        .setPoints(PointsIdsList.newBuilder().addAllIds(ids.stream().map(PointIds::point).toList()))
        .build();
  }
}
