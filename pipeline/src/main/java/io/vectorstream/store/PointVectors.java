package io.vectorstream.store;

import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.VectorOutput;

/** Reads a point's one dense vector. */
public final class PointVectors {

  private PointVectors() {}

  /** The vector as the server gave it; null if the point has none. */
  public static float[] of(RetrievedPoint point) {
    if (!point.hasVectors() || !point.getVectors().hasVector()) {
      return null;
    }
    VectorOutput vector = point.getVectors().getVector();
    return vector.hasDense() ? floats(vector.getDense().getDataList()) : older(vector);
  }

  /** Servers before 1.17 answer in the field that is deprecated since. */
  @SuppressWarnings("deprecation")
  private static float[] older(VectorOutput vector) {
    return floats(vector.getDataList());
  }

  private static float[] floats(java.util.List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
