package io.vectorstream.store;

import static io.vectorstream.store.Payload.number;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.vectorstream.merge.Interest;
import io.vectorstream.merge.UserState;
import java.util.List;
import java.util.Map;

/** A user's state as a point, and back. */
final class UserPoints {

  private UserPoints() {}

  /**
   * @param model the model whose vectors the interest is made of
   */
  static PointStruct point(UserState state, String model) {
    Interest interest = state.interest();
    return PointStruct.newBuilder()
        .setId(PointIds.point(state.userId()))
        .setVectors(PointVectors.of(interest.direction()))
        .putPayload("user_id", text(state.userId()))
        .putPayload("counts", Payload.counts(state.counts()))
        .putPayload(
            "last_products",
            Payload.list(
                state.lastProducts().stream()
                    .map(
                        seen ->
                            Payload.struct(
                                Map.of(
                                    "id",
                                    text(seen.productId()),
                                    "at",
                                    text(Times.iso(seen.atMicros())))))
                    .toList()))
        .putPayload("first_seen", text(Times.iso(state.firstSeenMicros())))
        .putPayload("last_seen", text(Times.iso(state.lastSeenMicros())))
        .putPayload(
            "interest",
            Payload.struct(
                Map.of(
                    "length", number(interest.length()),
                    "weight", number(interest.weight()),
                    "at", text(Times.iso(interest.atMicros())))))
        .putPayload("model", text(model))
        .putPayload("batch", text(state.batch()))
        .build();
  }

  static UserState state(RetrievedPoint point) {
    Map<String, Value> payload = point.getPayloadMap();
    return new UserState(
        payload.get("user_id").getStringValue(),
        Payload.counts(payload.get("counts")),
        lastProducts(payload.get("last_products")),
        Times.micros(payload.get("first_seen").getStringValue()),
        Times.micros(payload.get("last_seen").getStringValue()),
        interest(payload.get("interest").getStructValue().getFieldsMap(), PointVectors.of(point)),
        payload.get("batch").getStringValue());
  }

  private static List<UserState.Seen> lastProducts(Value value) {
    return value.getListValue().getValuesList().stream()
        .map(entry -> entry.getStructValue().getFieldsMap())
        .map(
            entry ->
                new UserState.Seen(
                    entry.get("id").getStringValue(),
                    Times.micros(entry.get("at").getStringValue())))
        .toList();
  }

  private static Interest interest(Map<String, Value> fields, float[] direction) {
    return new Interest(
        direction,
        Payload.asDouble(fields.get("length")),
        Payload.asDouble(fields.get("weight")),
        Times.micros(fields.get("at").getStringValue()));
  }
}
