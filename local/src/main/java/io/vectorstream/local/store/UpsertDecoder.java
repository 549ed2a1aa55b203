package io.vectorstream.local.store;

import com.google.protobuf.CodedInputStream;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.Vectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder of the message {@code UpsertPoints} that leaves the payloads in it encoded. Building
 * objects for twenty fields a point, only to encode them again, would cost more than storing the
 * point.
 */
final class UpsertDecoder {

  private static final int STRUCT_ENTRY = 1 << 3 | WireReader.LENGTH;
  private static final Vectors NO_NAMED_VECTORS =
      Vectors.newBuilder().setVectors(NamedVectors.getDefaultInstance()).build();
  private static final byte[] NO_NAMED_VECTORS_BYTES = NO_NAMED_VECTORS.toByteArray();

  private UpsertDecoder() {}

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for what is no such message, or has a
   *     point without an id or vectors
   */
  static UpsertRequest decode(byte[] bytes) {
    try {
      return read(bytes);
    } catch (IOException e) {
      throw Refusal.invalid("the upsert cannot be read: " + e.getMessage());
    }
  }

  private static UpsertRequest read(byte[] bytes) throws IOException {
    WireReader in = new WireReader(bytes, 0, bytes.length);
    String collection = "";
    boolean wait = false;
    List<RawPoint> points = new ArrayList<>();
    Filter filter = Filter.getDefaultInstance();
    UpdateMode mode = UpdateMode.Upsert;
    while (in.next()) {
      switch (in.field()) {
        case UpsertPoints.COLLECTION_NAME_FIELD_NUMBER -> collection = in.string();
        case UpsertPoints.WAIT_FIELD_NUMBER -> wait = in.varint() != 0;
        case UpsertPoints.POINTS_FIELD_NUMBER -> {
          int end = in.length();
          points.add(point(bytes, in.position(), end));
          in.moveTo(end);
        }
        case UpsertPoints.UPDATE_FILTER_FIELD_NUMBER -> filter = Filter.parseFrom(in.copy());
        case UpsertPoints.UPDATE_MODE_FIELD_NUMBER ->
            mode = UpdateMode.forNumber((int) in.varint());
        default -> in.skip();
      }
    }
    return new UpsertRequest(collection, wait, points, filter, mode);
  }

  private static RawPoint point(byte[] bytes, int from, int to) throws IOException {
    WireReader in = new WireReader(bytes, from, to);
    PointKey key = null;
    Vectors vectors = null;
    byte[] payload = new byte[to - from];
    int length = 0;
    while (in.next()) {
      switch (in.field()) {
        case PointStruct.ID_FIELD_NUMBER -> {
          int end = in.length();
          key = key(bytes, in.position(), end);
          in.moveTo(end);
        }
        case PointStruct.PAYLOAD_FIELD_NUMBER -> {
          // The same entry, under the number that it has in a Struct.
          int lengthAt = in.position();
          int end = in.length();
          payload[length++] = STRUCT_ENTRY;
          System.arraycopy(bytes, lengthAt, payload, length, end - lengthAt);
          length += end - lengthAt;
          in.moveTo(end);
        }
        case PointStruct.VECTORS_FIELD_NUMBER -> {
          int end = in.length();
          vectors = vectors(bytes, in.position(), end);
          in.moveTo(end);
        }
        default -> in.skip();
      }
    }
    if (key == null) {
      throw Refusal.invalid("Empty ID is not allowed");
    }
    if (vectors == null) {
      throw Refusal.invalid("Expected some vectors");
    }
    return new RawPoint(key, Arrays.copyOf(payload, length), vectors);
  }

  private static PointKey key(byte[] bytes, int from, int to) {
    WireReader in = new WireReader(bytes, from, to);
    PointKey key = null;
    while (in.next()) {
      if (in.field() == 1 && in.type() == WireReader.VARINT) {
        key = PointKey.of(in.varint());
      } else if (in.field() == 2) {
        int end = in.length();
        key = PointKey.parse(bytes, in.position(), end);
        in.moveTo(end);
      } else {
        in.skip();
      }
    }
    if (key == null) {
      throw Refusal.invalid("No ID options provided");
    }
    return key;
  }

  private static Vectors vectors(byte[] bytes, int from, int to) throws IOException {
    if (Arrays.equals(bytes, from, to, NO_NAMED_VECTORS_BYTES, 0, NO_NAMED_VECTORS_BYTES.length)) {
      return NO_NAMED_VECTORS;
    }
    return Vectors.parseFrom(CodedInputStream.newInstance(bytes, from, to - from));
  }
}
