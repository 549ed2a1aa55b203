package io.vectorstream.store;

import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.Vector;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.Vectors;
import io.qdrant.client.grpc.Points.VectorsOutput;
import java.util.Map;

/** The one dense vector of a point, written and read. */
public final class PointVectors {

  private PointVectors() {}

  /** Returns the vector as the server gave it; null if the point has none. */
  public static float[] of(RetrievedPoint point) {
    return point.hasVectors() ? of(point.getVectors()) : null;
  }

  /** Returns the same of a point that was found. */
  public static float[] of(ScoredPoint point) {
    return point.hasVectors() ? of(point.getVectors()) : null;
  }

  private static float[] of(VectorsOutput vectors) {
    if (!vectors.hasVector()) {
      return null;
    }
    VectorOutput vector = vectors.getVector();
    return vector.hasDense() ? floats(vector.getDense()) : older(vector);
  }

  /**
   * Returns a vector for an upsert, or for null the API's encoding of "no vector". Copies element
   * by element: the client's own method boxes every float.
   */
  static Vectors of(float[] vector) {
    if (vector == null) {
      return VectorsFactory.namedVectors(Map.of());
    }
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (float value : vector) {
      dense.addData(value);
    }
    return Vectors.newBuilder().setVector(Vector.newBuilder().setDense(dense)).build();
  }

  private static float[] floats(DenseVector vector) {
    float[] floats = new float[vector.getDataCount()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = vector.getData(i);
    }
    return floats;
  }

  /** Reads the deprecated field in which servers before 1.17 answer. */
  @SuppressWarnings("deprecation")
  private static float[] older(VectorOutput vector) {
    float[] floats = new float[vector.getDataCount()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = vector.getData(i);
    }
    return floats;
  }
}
