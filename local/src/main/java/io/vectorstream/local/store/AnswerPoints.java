package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.NamedVectorsOutput;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.qdrant.client.grpc.Points.WithVectorsSelector;

/** A converter of stored points to those of an answer, with as much of them as was asked for. */
final class AnswerPoints {

  private final StoredCollection collection;
  private final PayloadSelector payload;
  private final boolean withVectors;

  /**
   * @param vectors the default instance for none
   */
  AnswerPoints(StoredCollection collection, PayloadSelector payload, WithVectorsSelector vectors) {
    if (vectors.hasInclude()) {
      throw Refusal.unsupported("A choice of vectors by name");
    }
    this.collection = collection;
    this.payload = payload;
    this.withVectors = vectors.getEnable();
  }

  RetrievedPoint retrieved(StoredPoint point) {
    RetrievedPoint.Builder answer =
        RetrievedPoint.newBuilder()
            .setId(point.key().toPointId())
            .putAllPayload(payload.select(point));
    if (withVectors) {
      answer.setVectors(vectors(point.key()));
    }
    return answer.build();
  }

  /** Adds the point to an answer. */
  void retrieve(StoredPoint point, RetrievedPoints answer) {
    if (payload.isAll()) {
      answer.add(point, withVectors ? vectors(point.key()) : null);
    } else {
      answer.add(retrieved(point));
    }
  }

  ScoredPoint scored(StoredPoint point, float score) {
    ScoredPoint.Builder answer =
        ScoredPoint.newBuilder()
            .setId(point.key().toPointId())
            .setVersion(point.version())
            .setScore(score)
            .putAllPayload(payload.select(point));
    if (withVectors) {
      answer.setVectors(vectors(point.key()));
    }
    return answer.build();
  }

  /** Returns the vector of a point, or as Qdrant an empty list of named ones if it has none. */
  private VectorsOutput vectors(PointKey point) {
    float[] values = collection.vector(point);
    VectorsOutput.Builder vectors = VectorsOutput.newBuilder();
    if (values == null) {
      vectors.setVectors(NamedVectorsOutput.getDefaultInstance());
    } else {
      vectors.setVector(VectorOutput.newBuilder().setDense(VectorSpec.toMessage(values)));
    }
    return vectors.build();
  }
}
