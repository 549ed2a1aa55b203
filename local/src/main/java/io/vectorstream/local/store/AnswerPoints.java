package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.NamedVectorsOutput;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.List;

/** A converter of stored points to those of an answer, with as much of them as was asked for. */
final class AnswerPoints {

  /** The name of the dense vector among others. */
  private static final String DENSE = "";

  private final StoredCollection collection;
  private final PayloadSelector payload;

  /** The names of the vectors that were asked for; empty for the dense one. */
  private final List<String> names;

  /**
   * @param vectors the default instance for none
   */
  AnswerPoints(StoredCollection collection, PayloadSelector payload, WithVectorsSelector vectors) {
    this.collection = collection;
    this.payload = payload;
    this.names = names(collection, vectors);
  }

  private static List<String> names(StoredCollection collection, WithVectorsSelector vectors) {
    if (vectors.hasInclude()) {
      List<String> names = vectors.getInclude().getNamesList();
      names.stream()
          .filter(name -> !collection.sparse().containsKey(name))
          .forEach(collection::vector);
      return names;
    }
    List<String> all = new ArrayList<>();
    if (vectors.getEnable()) {
      all.add(DENSE);
      all.addAll(collection.sparse().keySet());
    }
    return all;
  }

  RetrievedPoint retrieved(StoredPoint point) {
    RetrievedPoint.Builder answer =
        RetrievedPoint.newBuilder()
            .setId(point.key().toPointId())
            .putAllPayload(payload.select(point));
    if (!names.isEmpty()) {
      answer.setVectors(vectors(point.key()));
    }
    return answer.build();
  }

  /** Adds the point to an answer. */
  void retrieve(StoredPoint point, RetrievedPoints answer) {
    if (payload.isAll()) {
      answer.add(point, names.isEmpty() ? null : vectors(point.key()));
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
    if (!names.isEmpty()) {
      answer.setVectors(vectors(point.key()));
    }
    return answer.build();
  }

  /**
   * Returns the vectors of a point: as Qdrant does, the dense one without its name where it is
   * alone, and otherwise a list of named ones, which may be empty.
   */
  private VectorsOutput vectors(PointKey point) {
    float[] dense = names.contains(DENSE) ? collection.vector(point) : null;
    NamedVectorsOutput.Builder named = NamedVectorsOutput.newBuilder();
    for (String name : names) {
      SparseVectors own = collection.sparse().get(name);
      SparseValues values = own == null ? null : own.get(point);
      if (values != null) {
        named.putVectors(name, VectorOutput.newBuilder().setSparse(values.toMessage()).build());
      }
    }
    VectorsOutput.Builder vectors = VectorsOutput.newBuilder();
    if (dense == null) {
      return vectors.setVectors(named).build();
    }
    VectorOutput output = VectorOutput.newBuilder().setDense(VectorSpec.toMessage(dense)).build();
    return named.getVectorsCount() == 0
        ? vectors.setVector(output).build()
        : vectors.setVectors(named.putVectors(DENSE, output)).build();
  }
}
