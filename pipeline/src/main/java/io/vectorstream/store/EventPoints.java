package io.vectorstream.store;

import static io.vectorstream.store.Payload.integer;
import static io.vectorstream.store.Payload.number;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.Vectors;
import io.vectorstream.event.ShopEvent;
import java.util.Map;

/** An event as a point: the whole of it, nested as it came, and where it came from. */
final class EventPoints {

  /** What the API calls "no vector": a message without it is refused. */
  private static final Vectors NO_VECTOR = VectorsFactory.namedVectors(Map.of());

  private EventPoints() {}

  /**
   * @param vector the product's embedding; null to store none
   * @param batch the batch that stores it first
   */
  static PointStruct point(ShopEvent event, float[] vector, String batch, long storedAtMicros) {
    PointStruct.Builder point =
        PointStruct.newBuilder()
            .setId(PointIds.point(event.eventId()))
            .setVectors(vector == null ? NO_VECTOR : VectorsFactory.vectors(vector))
            .putPayload("event_id", text(event.eventId()))
            .putPayload("timestamp", text(Times.utc(event.timestamp())))
            .putPayload("user_id", text(event.userId()))
            .putPayload("event_type", text(event.type().json()))
            .putPayload("session_id", text(event.sessionId()))
            .putPayload("partition", integer(event.partition()))
            .putPayload("offset", integer(event.offset()))
            .putPayload("ingested_at", text(Times.iso(event.receivedAtMicros())))
            .putPayload("stored_at", text(Times.iso(storedAtMicros)))
            .putPayload("batch", text(batch));
    if (event.product() != null) {
      point.putPayload("product", Payload.product(event.product()));
    }
    if (event.quantity() != null) {
      point.putPayload("quantity", integer(event.quantity()));
    }
    if (event.totalAmount() != null) {
      point.putPayload("total_amount", number(event.totalAmount()));
    }
    if (event.paymentMethod() != null) {
      point.putPayload("payment_method", text(event.paymentMethod()));
    }
    if (event.viewDuration() != null) {
      point.putPayload("view_duration", number(event.viewDuration()));
    }
    if (event.searchQuery() != null) {
      point.putPayload("search_query", text(event.searchQuery()));
    }
    return point.build();
  }

  static String batch(Map<String, Value> payload) {
    return payload.containsKey("batch") ? payload.get("batch").getStringValue() : "";
  }
}
