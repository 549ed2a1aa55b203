package io.vectorstream.store;

import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A point of the collection of states, changed by compare-and-set: each change names the state that
 * it follows (Qdrant's conditional upsert). Only reading it shows if a change was applied.
 */
final class StatePoint {

  private final VectorStore store;
  private final String collection;
  private final PointId id;

  StatePoint(VectorStore store, PointId id) {
    this.store = store;
    this.collection = store.collections().state();
    this.id = id;
  }

  /**
   * Reads the point's payload; empty if there is no such point.
   *
   * @param payload selects the fields
   */
  Optional<Map<String, Value>> read(WithPayloadSelector payload) {
    return store
        .await(
            store.retrieve(
                collection, List.of(id), payload, WithVectorsSelectorFactory.enable(false)))
        .stream()
        .map(RetrievedPoint::getPayloadMap)
        .findFirst();
  }

  /**
   * Writes the payload, unless the point is in another state.
   *
   * @param before the condition for the state that this follows; null if there must be no point
   */
  void write(Map<String, Value> payload, Filter before) {
    UpsertPoints.Builder upsert = upsert(payload);
    if (before == null) {
      upsert.setUpdateMode(UpdateMode.InsertOnly);
    } else {
      upsert.setUpdateFilter(before);
    }
    store.upsert(upsert);
  }

  /** Writes the payload, whatever state the point is in. */
  void put(Map<String, Value> payload) {
    store.upsert(upsert(payload));
  }

  private UpsertPoints.Builder upsert(Map<String, Value> payload) {
    return UpsertPoints.newBuilder()
        .setCollectionName(collection)
        .addPoints(
            PointStruct.newBuilder()
                .setId(id)
                .setVectors(PointVectors.of((float[]) null))
                .putAllPayload(payload));
  }
}
