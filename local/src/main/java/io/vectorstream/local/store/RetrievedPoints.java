package io.vectorstream.local.store;

import com.google.protobuf.CodedOutputStream;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.GetResponse;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.VectorsOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The message {@code GetResponse} as it is put together from points. Whole payloads go into it as
 * they are kept, for the reason that {@link UpsertDecoder} gives.
 */
final class RetrievedPoints {

  /** The tag of the payload: one byte, as the tag of an entry in a Struct. */
  private static final byte PAYLOAD_ENTRY =
      RetrievedPoint.PAYLOAD_FIELD_NUMBER << 3 | WireReader.LENGTH;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  void add(RetrievedPoint point) {
    try {
      out.writeMessage(GetResponse.RESULT_FIELD_NUMBER, point);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds a point with its whole payload.
   *
   * @param vectors null for none
   */
  void add(StoredPoint point, VectorsOutput vectors) {
    PointId id = point.key().toPointId();
    byte[] payload = payloadEntries(point);
    int size =
        CodedOutputStream.computeMessageSize(RetrievedPoint.ID_FIELD_NUMBER, id) + payload.length;
    if (vectors != null) {
      size += CodedOutputStream.computeMessageSize(RetrievedPoint.VECTORS_FIELD_NUMBER, vectors);
    }
    try {
      out.writeTag(GetResponse.RESULT_FIELD_NUMBER, WireReader.LENGTH);
      out.writeUInt32NoTag(size);
      out.writeMessage(RetrievedPoint.ID_FIELD_NUMBER, id);
      out.writeRawBytes(payload);
      if (vectors != null) {
        out.writeMessage(RetrievedPoint.VECTORS_FIELD_NUMBER, vectors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the payload's entries, each under the number that it has in a point. */
  private static byte[] payloadEntries(StoredPoint point) {
    byte[] entries = point.payload();
    WireReader in = new WireReader(entries, 0, entries.length);
    while (in.next()) {
      entries[in.position() - 1] = PAYLOAD_ENTRY;
      in.moveTo(in.length());
    }
    return entries;
  }

  /**
   * @param seconds that the call took
   */
  byte[] toByteArray(double seconds) {
    try {
      out.writeDouble(GetResponse.TIME_FIELD_NUMBER, seconds);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
