package io.vectorstream.store;

import io.qdrant.client.VectorsFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.SparseVector;
import io.qdrant.client.grpc.Points.Vector;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.Vectors;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import io.vectorstream.words.WordVector;
import java.util.List;
import java.util.Map;

/** The vectors of a point: the one dense vector, which has no name, and a product's words. */
public final class PointVectors {

  /** The name of the sparse vector of a product's words. */
  static final String WORDS = "words";

  /** The name that a server gives the dense vector where a point has others beside it. */
  private static final String DENSE = "";

  /** The dense vector alone, of points that may have others. */
  private static final WithVectorsSelector DENSE_ONLY =
      WithVectorsSelectorFactory.include(List.of(DENSE));

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
    VectorOutput vector =
        vectors.hasVector() ? vectors.getVector() : vectors.getVectors().getVectorsMap().get(DENSE);
    if (vector == null) {
      return null;
    }
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
    return Vectors.newBuilder().setVector(dense(vector)).build();
  }

  /**
   * Returns a product's vectors for a write; an update leaves the vector as it is that is null.
   *
   * @param vector null for none
   * @param words null for a collection of products that have none
   */
  static Vectors of(float[] vector, WordVector words) {
    if (words == null) {
      return of(vector);
    }
    NamedVectors.Builder named =
        NamedVectors.newBuilder()
            .putVectors(WORDS, Vector.newBuilder().setSparse(sparse(words)).build());
    if (vector != null) {
      named.putVectors(DENSE, dense(vector));
    }
    return Vectors.newBuilder().setVectors(named).build();
  }

  /**
   * Returns the selector of the dense vector for a read.
   *
   * @param hasWords whether points have words beside it
   */
  static WithVectorsSelector dense(boolean hasWords) {
    return hasWords ? DENSE_ONLY : WithVectorsSelectorFactory.enable(true);
  }

  private static Vector dense(float[] vector) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (float value : vector) {
      dense.addData(value);
    }
    return Vector.newBuilder().setDense(dense).build();
  }

  static SparseVector sparse(WordVector words) {
    SparseVector.Builder sparse = SparseVector.newBuilder();
    for (int i = 0; i < words.indices().length; i++) {
      sparse.addIndices(words.indices()[i]).addValues(words.values()[i]);
    }
    return sparse.build();
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
