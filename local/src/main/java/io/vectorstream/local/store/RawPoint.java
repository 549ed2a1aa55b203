package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.Vectors;

/**
 * A point to be written.
 *
 * @param payload the bytes of a protobuf {@code Struct}
 * @param vectors as they came; {@link Vectors#getDefaultInstance()} is refused when it is written
 */
record RawPoint(PointKey key, byte[] payload, Vectors vectors) {

  static RawPoint of(PointStruct point) {
    if (!point.hasId()) {
      throw Refusal.invalid("Empty ID is not allowed");
    }
    if (!point.hasVectors()) {
      throw Refusal.invalid("Expected some vectors");
    }
    return new RawPoint(
        PointKey.of(point.getId()),
        StoredPayload.encode(point.getPayloadMap()),
        point.getVectors());
  }
}
