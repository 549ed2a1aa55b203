package io.vectorstream.store;

import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WriteOrdering;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import io.vectorstream.event.ShopEvent;
import java.util.Map;

/**
 * An {@code UpsertPoints} request of events, in protobuf's wire format.
 *
 * <p>An event that is stored without its user, who is forgotten, is never replaced by one with its
 * user, not even by a writer that was paused before the user was forgotten.
 */
final class EventUpsert {

  private static final int POINT = WireBuffer.tag(UpsertPoints.POINTS_FIELD_NUMBER);
  private static final int ID = WireBuffer.tag(PointStruct.ID_FIELD_NUMBER);
  private static final int UUID = WireBuffer.tag(PointId.UUID_FIELD_NUMBER);
  private static final int VECTORS = WireBuffer.tag(PointStruct.VECTORS_FIELD_NUMBER);

  /** The API's encoding of "no vector": a point without this message is refused. */
  private static final byte[] NO_VECTOR = VectorsFactory.namedVectors(Map.of()).toByteArray();

  /** The condition that the server checks for points that exist already. */
  private static final byte[] UNLESS_FORGOTTEN = UserPoints.WITH_USER.toByteArray();

  private static final int USUAL_BYTES = 1000;

  private final WireBuffer out;
  private final EventPayload payload;

  /**
   * @param events the expected number of events
   * @param batch the batch that stores them first
   * @param haveUsers whether they must not replace events that are stored without a user; events
   *     without a user may change the mark of those
   */
  EventUpsert(
      String collection,
      WriteOrderingType ordering,
      int events,
      String batch,
      long storedAtMicros,
      boolean haveUsers) {
    this.out = new WireBuffer(events * USUAL_BYTES);
    this.payload = new EventPayload(out, batch, storedAtMicros);
    out.string(WireBuffer.tag(UpsertPoints.COLLECTION_NAME_FIELD_NUMBER), collection);
    out.integer(UpsertPoints.WAIT_FIELD_NUMBER, 1);
    int order = out.begin(WireBuffer.tag(UpsertPoints.ORDERING_FIELD_NUMBER));
    out.integer(WriteOrdering.TYPE_FIELD_NUMBER, ordering.getNumber());
    out.end(order);
    if (haveUsers) {
      out.bytes(WireBuffer.tag(UpsertPoints.UPDATE_FILTER_FIELD_NUMBER), UNLESS_FORGOTTEN);
    }
  }

  /**
   * @param vector the product's embedding; null to store none
   */
  void add(ShopEvent event, float[] vector) {
    int point = out.begin(POINT);
    int id = out.begin(ID);
    out.string(UUID, PointIds.text(event.eventId()));
    out.end(id);
    out.bytes(VECTORS, vector == null ? NO_VECTOR : PointVectors.of(vector).toByteArray());
    payload.write(event);
    out.end(point);
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
