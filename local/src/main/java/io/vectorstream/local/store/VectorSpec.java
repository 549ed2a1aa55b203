package io.vectorstream.local.store;

import com.google.protobuf.Internal;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.Vector;
import java.util.List;

/**
 * The vector that the points of a collection may have.
 *
 * @param size number of floats
 */
record VectorSpec(int size, Distance distance) {

  private static final float NORMALISED_TOLERANCE = 1e-6f;
  private static final float SINGLE_EPSILON = 1.1920929e-7f;

  /**
   * Returns the score to show for a similarity: of a Euclidean distance, whose similarity is its
   * square with the sign turned, the distance itself.
   */
  float score(float similarity) {
    return distance == Distance.Euclid ? (float) Math.sqrt(Math.abs(similarity)) : similarity;
  }

  /** Returns a vector of the request as it is kept and compared: cosine vectors are normalised. */
  float[] prepare(Vector vector) {
    return prepare(dense(vector));
  }

  float[] prepare(List<Float> values) {
    float[] copy = new float[values.size()];
    if (values instanceof Internal.FloatList floats) {
      for (int i = 0; i < copy.length; i++) {
        copy[i] = floats.getFloat(i); // protobuf's own lists hold floats, not objects
      }
    } else {
      for (int i = 0; i < copy.length; i++) {
        copy[i] = values.get(i);
      }
    }
    return prepare(copy);
  }

  float[] prepare(float[] values) {
    if (values.length != size) {
      throw Refusal.wrongInput(
          "Vector dimension error: expected dim: " + size + ", got " + values.length);
    }
    if (distance == Distance.Cosine) {
      normalise(values);
    }
    return values;
  }

  private static void normalise(float[] values) {
    float squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    if (squares < SINGLE_EPSILON || Math.abs(squares - 1) <= NORMALISED_TOLERANCE) {
      return;
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < values.length; i++) {
      values[i] /= length;
    }
  }

  @SuppressWarnings("deprecation") // older clients still fill the flat field
  static List<Float> dense(Vector vector) {
    return switch (vector.getVectorCase()) {
      case DENSE -> vector.getDense().getDataList();
      case VECTOR_NOT_SET -> {
        if (vector.hasIndices() || vector.hasVectorsCount()) {
          throw Refusal.unsupported("A sparse vector or multivector");
        }
        yield vector.getDataList();
      }
      case SPARSE -> throw Refusal.unsupported("A sparse vector");
      case MULTI_DENSE -> throw Refusal.unsupported("A multivector");
      case DOCUMENT, IMAGE, OBJECT -> throw Refusal.unsupported("Inference of a vector");
    };
  }

  static DenseVector toMessage(float[] values) {
    DenseVector.Builder message = DenseVector.newBuilder();
    for (float value : values) {
      message.addData(value);
    }
    return message.build();
  }
}
