package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.Vector;
import io.qdrant.client.grpc.Points.Vectors;
import java.util.HashMap;
import java.util.Map;

/**
 * The vectors that a request gives a point, as they are kept.
 *
 * @param dense null where it gives none
 * @param sparse by their names
 */
record PointValues(float[] dense, Map<String, SparseValues> sparse) {

  static final PointValues NONE = new PointValues(null, Map.of());

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a vector that the collection does
   *     not have, or that does not fit
   */
  static PointValues of(StoredCollection collection, Vectors vectors) {
    return switch (vectors.getVectorsOptionsCase()) {
      case VECTOR -> new PointValues(collection.vector("").prepare(vectors.getVector()), Map.of());
      case VECTORS -> named(collection, vectors.getVectors().getVectorsMap());
      case VECTORSOPTIONS_NOT_SET -> throw Refusal.invalid("No Vector Provided");
    };
  }

  /** Returns whether there is any vector. */
  boolean isPresent() {
    return dense != null || !sparse.isEmpty();
  }

  private static PointValues named(StoredCollection collection, Map<String, Vector> vectors) {
    if (vectors.isEmpty()) {
      return NONE;
    }
    float[] dense = null;
    Map<String, SparseValues> sparse = new HashMap<>();
    for (Map.Entry<String, Vector> entry : vectors.entrySet()) {
      SparseVectors own = collection.sparse().get(entry.getKey());
      if (own != null) {
        sparse.put(entry.getKey(), own.prepare(entry.getValue()));
      } else {
        dense = collection.vector(entry.getKey()).prepare(entry.getValue());
      }
    }
    return new PointValues(dense, sparse);
  }
}
