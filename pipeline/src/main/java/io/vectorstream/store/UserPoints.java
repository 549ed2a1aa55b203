package io.vectorstream.store;

import static io.vectorstream.store.Payload.number;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.vectorstream.merge.Engagement;
import io.vectorstream.merge.Interest;
import io.vectorstream.merge.PendingShares;
import io.vectorstream.merge.Trail;
import io.vectorstream.merge.UserState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The conversion of a user's state into a point, and back. */
final class UserPoints {

  /** The field with the hashes of the product texts that an interest waits for. */
  static final String PENDING_PRODUCTS = "interest.pending_products[].text_hash";

  /** The field that is true for a user whose interest waits for a search query's embedding. */
  static final String QUERIES_PENDING = "queries_pending";

  /** The field that is true in the point that replaces a forgotten user. */
  static final String FORGOTTEN = "forgotten";

  /**
   * The field with the products that the user turned to last, in the order of their records: a JSON
   * array of texts, each the engagement and the id, with a blank between.
   */
  static final String TRAIL = "trail";

  /** The condition that a point stands in the place of a forgotten user. */
  static final Filter IS_FORGOTTEN =
      Filter.newBuilder().addMust(ConditionFactory.match(FORGOTTEN, true)).build();

  /** The condition of writes that do not change the point of a forgotten user. */
  static final Filter NOT_FORGOTTEN =
      Filter.newBuilder().addMustNot(ConditionFactory.match(FORGOTTEN, true)).build();

  /** The condition that a point, of a user or of an event, has a user who is not forgotten. */
  static final Filter WITH_USER =
      Filter.newBuilder().addMustNot(ConditionFactory.isEmpty(Field.USER_ID)).build();

  /** The same, as one condition among others. */
  static final Condition HAS_USER = ConditionFactory.filter(WITH_USER);

  private UserPoints() {}

  /**
   * @param model the model of the vectors that the interest is made of
   */
  static PointStruct point(UserState state, String model) {
    return builder(state, model).build();
  }

  /** Returns the same as a builder, for further payload fields. */
  static PointStruct.Builder builder(UserState state, String model) {
    Interest interest = state.interest();
    PointStruct.Builder point = PointStruct.newBuilder();
    if (!interest.pending().queries().isEmpty()) {
      point.putPayload(QUERIES_PENDING, Payload.flag(true));
    }
    return point
        .setId(PointIds.user(state.userId()))
        .setVectors(PointVectors.of(interest.direction()))
        .putPayload(Field.USER_ID, text(state.userId()))
        .putPayload(Field.COUNTS, Payload.counts(state.counts()))
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
        .putPayload(TRAIL, trail(state.trail()))
        .putPayload(Field.FIRST_SEEN, text(Times.iso(state.firstSeenMicros())))
        .putPayload(Field.LAST_SEEN, text(Times.iso(state.lastSeenMicros())))
        .putPayload("interest", Payload.struct(fields(interest)))
        .putPayload(Field.MODEL, text(model))
        .putPayload(Field.BATCH, text(state.batch()));
  }

  /**
   * Returns the point that replaces a forgotten user: no id, no vector, and a fence that blocks
   * every writer, however late.
   */
  static PointStruct forgotten(String userId, Instant now) {
    return PointStruct.newBuilder()
        .setId(PointIds.user(userId))
        .setVectors(PointVectors.of((float[]) null))
        .putPayload(FORGOTTEN, Payload.flag(true))
        .putPayload("forgotten_at", text(now.toString()))
        .putPayload(Fence.FIELD, Fence.FOR_EVER.value())
        .build();
  }

  static boolean isForgotten(Map<String, Value> payload) {
    return payload.containsKey(FORGOTTEN);
  }

  private static Map<String, Value> fields(Interest interest) {
    Map<String, Value> fields = new HashMap<>();
    fields.put("length", number(interest.length()));
    fields.put("weight", number(interest.weight()));
    fields.put("at", text(Times.iso(interest.atMicros())));
    putShares(fields, "pending_products", "text_hash", interest.pending().products());
    putShares(fields, "pending_queries", "query", interest.pending().queries());
    return fields;
  }

  private static void putShares(
      Map<String, Value> fields, String name, String key, Map<String, Double> shares) {
    if (!shares.isEmpty()) {
      fields.put(
          name,
          Payload.list(
              shares.entrySet().stream()
                  .map(
                      share ->
                          Payload.struct(
                              Map.of(
                                  key, text(share.getKey()), "weight", number(share.getValue()))))
                  .toList()));
    }
  }

  private static Map<String, Double> shares(Value list, String key) {
    return list == null
        ? Map.of()
        : list.getListValue().getValuesList().stream()
            .map(share -> share.getStructValue().getFieldsMap())
            .collect(
                Collectors.toMap(
                    share -> share.get(key).getStringValue(),
                    share -> Payload.asDouble(share.get("weight"))));
  }

  static UserState state(RetrievedPoint point) {
    Map<String, Value> payload = point.getPayloadMap();
    return new UserState(
        payload.get(Field.USER_ID).getStringValue(),
        Payload.counts(payload.get(Field.COUNTS)),
        lastProducts(payload.get("last_products")),
        trail(payload),
        Times.micros(payload.get(Field.FIRST_SEEN).getStringValue()),
        Times.micros(payload.get(Field.LAST_SEEN).getStringValue()),
        interest(payload.get("interest").getStructValue().getFieldsMap(), PointVectors.of(point)),
        payload.get(Field.BATCH).getStringValue());
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

  private static Value trail(Trail trail) {
    return Payload.texts(
        trail.steps().stream()
            .map(step -> step.engagement().json() + " " + step.productId())
            .toList());
  }

  /** Reads a user's trail; versions without pairs have stored none. */
  static Trail trail(Map<String, Value> payload) {
    Value value = payload.get(TRAIL);
    return value == null
        ? Trail.NONE
        : new Trail(
            Payload.asTexts(value).stream()
                .map(entry -> entry.split(" ", 2))
                .map(entry -> new Trail.Step(entry[1], Engagement.ofJson(entry[0])))
                .toList());
  }

  private static Interest interest(Map<String, Value> fields, float[] direction) {
    return new Interest(
        direction,
        Payload.asDouble(fields.get("length")),
        Payload.asDouble(fields.get("weight")),
        Times.micros(fields.get("at").getStringValue()),
        new PendingShares(
            shares(fields.get("pending_products"), "text_hash"),
            shares(fields.get("pending_queries"), "query")));
  }
}
