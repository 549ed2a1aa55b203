package io.vectorstream.store;

import static io.vectorstream.store.EncodedUpsert.MAP_KEY;
import static io.vectorstream.store.EncodedUpsert.MAP_VALUE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WriteOrdering;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import io.vectorstream.event.ShopEvent;
import java.util.Map;

/**
 * An {@code UpsertPoints} request of events: each the whole of it, nested as it came, and where it
 * came from. Null fields are left out.
 *
 * <p>An event that is stored without its user, who is forgotten, is never written over by one with
 * its user: not by a writer either that has stood still since before.
 */
final class EventUpsert {

  private static final int POINT = WireBuffer.tag(UpsertPoints.POINTS_FIELD_NUMBER);
  private static final int ID = WireBuffer.tag(PointStruct.ID_FIELD_NUMBER);
  private static final int UUID = WireBuffer.tag(PointId.UUID_FIELD_NUMBER);
  private static final int VECTORS = WireBuffer.tag(PointStruct.VECTORS_FIELD_NUMBER);
  private static final int PAYLOAD = WireBuffer.tag(PointStruct.PAYLOAD_FIELD_NUMBER);
  private static final int FIELDS = WireBuffer.tag(Struct.FIELDS_FIELD_NUMBER);
  private static final int TEXT = WireBuffer.tag(Value.STRING_VALUE_FIELD_NUMBER);
  private static final int STRUCT = WireBuffer.tag(Value.STRUCT_VALUE_FIELD_NUMBER);

  /** What the API calls "no vector": a point without this message is refused. */
  private static final byte[] NO_VECTOR = VectorsFactory.namedVectors(Map.of()).toByteArray();

  /** The server asks this of points that are there already. */
  private static final byte[] UNLESS_FORGOTTEN = EventPoints.WITH_USER.toByteArray();

  private static final int USUAL_BYTES = 1000;

  private final WireBuffer out;
  private final byte[] batch;
  private final byte[] storedAt;
  private byte[] receivedAt;
  private long receivedAtMicros;

  /**
   * @param events how many there will be, about
   * @param batch the batch that stores them first
   * @param haveUsers whether they are to leave alone what is stored without a user; those that have
   *     none themselves may change its mark
   */
  EventUpsert(
      String collection,
      WriteOrderingType ordering,
      int events,
      String batch,
      long storedAtMicros,
      boolean haveUsers) {
    this.out = new WireBuffer(events * USUAL_BYTES);
    this.batch = batch.getBytes(UTF_8);
    this.storedAt = Times.iso(storedAtMicros).getBytes(UTF_8);
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
    text(PAYLOAD, Field.EVENT_ID, event.isWithoutUser() ? null : event.eventId());
    text(PAYLOAD, Field.TIMESTAMP, Times.utc(event.timestamp()));
    text(PAYLOAD, Field.USER_ID, event.userId());
    text(PAYLOAD, Field.EVENT_TYPE, event.type().json());
    text(PAYLOAD, Field.SESSION_ID, event.sessionId());
    integer(Field.PARTITION, event.partition());
    integer(Field.OFFSET, event.offset());
    text(PAYLOAD, Field.INGESTED_AT, receivedAt(event.receivedAtMicros()));
    text(PAYLOAD, Field.STORED_AT, storedAt);
    if (event.isAhead()) {
      text(PAYLOAD, Field.COUNTED_AT, Times.iso(event.countedAtMicros()));
    }
    text(PAYLOAD, Field.BATCH, batch);
    if (event.product() != null) {
      product(event.product());
    }
    if (event.quantity() != null) {
      integer(Field.QUANTITY, event.quantity());
    }
    if (event.totalAmount() != null) {
      number(PAYLOAD, Field.TOTAL_AMOUNT, event.totalAmount());
    }
    text(PAYLOAD, Field.PAYMENT_METHOD, event.paymentMethod());
    if (event.viewDuration() != null) {
      number(PAYLOAD, Field.VIEW_DURATION, event.viewDuration());
    }
    text(PAYLOAD, Field.SEARCH_QUERY, event.searchQuery());
    out.end(point);
  }

  /** Kafka has many records of the same millisecond. */
  private byte[] receivedAt(long micros) {
    if (receivedAt == null || micros != receivedAtMicros) {
      receivedAtMicros = micros;
      receivedAt = Times.iso(micros).getBytes(UTF_8);
    }
    return receivedAt;
  }

  private void product(ShopEvent.Product product) {
    int entry = entry(PAYLOAD, Field.PRODUCT);
    int value = out.begin(MAP_VALUE);
    int struct = out.begin(STRUCT);
    text(FIELDS, Field.ID, product.id());
    text(FIELDS, Field.NAME, product.name());
    text(FIELDS, Field.DESCRIPTION, product.description());
    text(FIELDS, Field.CATEGORY, product.category());
    number(FIELDS, Field.PRICE, product.price());
    out.end(struct);
    out.end(value);
    out.end(entry);
  }

  private int entry(int map, byte[] field) {
    int entry = out.begin(map);
    out.bytes(MAP_KEY, field);
    return entry;
  }

  private void text(int map, byte[] field, String text) {
    if (text != null) {
      text(map, field, text.getBytes(UTF_8));
    }
  }

  private void text(int map, byte[] field, byte[] text) {
    int entry = entry(map, field);
    int value = out.begin(MAP_VALUE);
    out.bytes(TEXT, text);
    out.end(value);
    out.end(entry);
  }

  private void integer(byte[] field, long integer) {
    int entry = entry(PAYLOAD, field);
    int value = out.begin(MAP_VALUE);
    out.integer(Value.INTEGER_VALUE_FIELD_NUMBER, integer);
    out.end(value);
    out.end(entry);
  }

  private void number(int map, byte[] field, double number) {
    int entry = entry(map, field);
    int value = out.begin(MAP_VALUE);
    out.number(Value.DOUBLE_VALUE_FIELD_NUMBER, number);
    out.end(value);
    out.end(entry);
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  /** The names of an event's fields in its payload. */
  private static final class Field {
    static final byte[] EVENT_ID = name("event_id");
    static final byte[] TIMESTAMP = name("timestamp");
    static final byte[] USER_ID = name("user_id");
    static final byte[] EVENT_TYPE = name("event_type");
    static final byte[] SESSION_ID = name("session_id");
    static final byte[] PARTITION = name("partition");
    static final byte[] OFFSET = name("offset");
    static final byte[] INGESTED_AT = name("ingested_at");
    static final byte[] STORED_AT = name("stored_at");
    static final byte[] COUNTED_AT = name("counted_at");
    static final byte[] BATCH = name("batch");
    static final byte[] PRODUCT = name("product");
    static final byte[] ID = name("id");
    static final byte[] NAME = name("name");
    static final byte[] DESCRIPTION = name("description");
    static final byte[] CATEGORY = name("category");
    static final byte[] PRICE = name("price");
    static final byte[] QUANTITY = name("quantity");
    static final byte[] TOTAL_AMOUNT = name("total_amount");
    static final byte[] PAYMENT_METHOD = name("payment_method");
    static final byte[] VIEW_DURATION = name("view_duration");
    static final byte[] SEARCH_QUERY = name("search_query");

    private static byte[] name(String name) {
      return name.getBytes(UTF_8);
    }
  }
}
