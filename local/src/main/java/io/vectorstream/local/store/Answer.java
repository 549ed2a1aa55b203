package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.NamedVectorsOutput;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.List;
import java.util.Map;

/** Turns stored points into those of an answer, with as much of them as was asked for. */
final class Answer {

  private final StoredCollection collection;
  private final PayloadSelector payload;
  private final Iterable<VectorSpec> vectors;

  /**
   * @param vectors which vectors to give; the default instance for none
   */
  Answer(StoredCollection collection, PayloadSelector payload, WithVectorsSelector vectors) {
    this.collection = collection;
    this.payload = payload;
    this.vectors = wanted(collection, vectors);
  }

  /** Null for none. */
  private static Iterable<VectorSpec> wanted(
      StoredCollection collection, WithVectorsSelector selector) {
    return switch (selector.getSelectorOptionsCase()) {
      case ENABLE -> selector.getEnable() ? collection.vectors().values() : null;
      case INCLUDE -> {
        List<String> names = selector.getInclude().getNamesList();
        yield collection.vectors().values().stream()
            .filter(spec -> names.contains(spec.name()))
            .toList();
      }
      case SELECTOROPTIONS_NOT_SET -> null;
    };
  }

  RetrievedPoint retrieved(StoredPoint point) {
    RetrievedPoint.Builder answer =
        RetrievedPoint.newBuilder()
            .setId(point.key().toPointId())
            .putAllPayload(payload.select(point));
    if (vectors != null) {
      answer.setVectors(vectors(point.key()));
    }
    return answer.build();
  }

  /** Adds the point to an answer. */
  void retrieve(StoredPoint point, RetrievedPoints answer) {
    if (payload.isAll()) {
      answer.add(point, vectors == null ? null : vectors(point.key()));
    } else {
      answer.add(retrieved(point));
    }
  }

  ScoredPoint scored(ScoredHit hit) {
    StoredPoint point = hit.point();
    ScoredPoint.Builder answer =
        ScoredPoint.newBuilder()
            .setId(point.key().toPointId())
            .setVersion(point.version())
            .setScore(hit.score())
            .putAllPayload(payload.select(point));
    if (vectors != null) {
      answer.setVectors(vectors(point.key()));
    }
    if (hit.order() != null) {
      answer.setOrderValue(hit.order());
    }
    return answer.build();
  }

  private VectorsOutput vectors(PointKey point) {
    Map<String, float[]> values = collection.vectors(point, vectors);
    if (values.size() == 1 && values.containsKey("")) {
      return VectorsOutput.newBuilder().setVector(output(values.get(""))).build();
    }
    NamedVectorsOutput.Builder named = NamedVectorsOutput.newBuilder();
    values.forEach((name, floats) -> named.putVectors(name, output(floats)));
    return VectorsOutput.newBuilder().setVectors(named).build();
  }

  private static VectorOutput output(float[] values) {
    return VectorOutput.newBuilder().setDense(VectorSpec.toMessage(values)).build();
  }
}
