package io.vectorstream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.qdrant.client.grpc.JsonWithInt.Value;
import io.vectorstream.event.EventField;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The payload of an event's point, written and read: the whole event, nested as it came, and its
 * origin. The payload of a forgotten user's event has only the fields that sums are made of.
 */
final class EventPayload {

  /**
   * The fields that identify a user. Sums of products and minutes are made of the other fields
   * alone; the event's own id links its point to data in other programs.
   */
  static final List<String> OF_THE_USER =
      Stream.of(
              EventField.USER_ID,
              EventField.EVENT_ID,
              EventField.SESSION_ID,
              EventField.PAYMENT_METHOD,
              EventField.VIEW_DURATION,
              EventField.SEARCH_QUERY)
          .map(EventField::path)
          .toList();

  /** The names of {@link EventField} in UTF-8, by ordinal. */
  private static final byte[][] NAMES =
      Stream.of(EventField.values())
          .map(field -> field.json().getBytes(UTF_8))
          .toArray(byte[][]::new);

  private static final byte[] PRODUCT = Field.PRODUCT.getBytes(UTF_8);
  private static final byte[] PARTITION = Field.PARTITION.getBytes(UTF_8);
  private static final byte[] OFFSET = Field.OFFSET.getBytes(UTF_8);
  private static final byte[] INGESTED_AT = Field.INGESTED_AT.getBytes(UTF_8);
  private static final byte[] STORED_AT = "stored_at".getBytes(UTF_8);
  private static final byte[] COUNTED_AT = Field.COUNTED_AT.getBytes(UTF_8);
  private static final byte[] BATCH = Field.BATCH.getBytes(UTF_8);

  private final PayloadWriter out;
  private final byte[] batch;
  private final byte[] storedAt;
  private byte[] receivedAt;
  private long receivedAtMicros;

  /**
   * @param batch the batch that stores the events first
   */
  EventPayload(WireBuffer out, String batch, long storedAtMicros) {
    this.out = new PayloadWriter(out);
    this.batch = batch.getBytes(UTF_8);
    this.storedAt = Times.iso(storedAtMicros).getBytes(UTF_8);
  }

  void write(ShopEvent event) {
    text(EventField.EVENT_ID, event.isWithoutUser() ? null : event.eventId());
    text(EventField.TIMESTAMP, Times.utc(event.timestamp()));
    text(EventField.USER_ID, event.userId());
    text(EventField.EVENT_TYPE, event.type().json());
    text(EventField.SESSION_ID, event.sessionId());
    out.integer(PARTITION, event.partition());
    out.integer(OFFSET, event.offset());
    out.text(INGESTED_AT, receivedAt(event.receivedAtMicros()));
    out.text(STORED_AT, storedAt);
    if (event.isAhead()) {
      out.text(COUNTED_AT, Times.iso(event.countedAtMicros()));
    }
    out.text(BATCH, batch);
    if (event.product() != null) {
      out.object(PRODUCT, () -> write(event.product()));
    }
    out.integer(name(EventField.QUANTITY), event.quantity());
    number(EventField.TOTAL_AMOUNT, event.totalAmount());
    text(EventField.PAYMENT_METHOD, event.paymentMethod());
    number(EventField.VIEW_DURATION, event.viewDuration());
    text(EventField.SEARCH_QUERY, event.searchQuery());
  }

  private void write(Product product) {
    text(EventField.PRODUCT_ID, product.id());
    text(EventField.PRODUCT_NAME, product.name());
    text(EventField.PRODUCT_DESCRIPTION, product.description());
    text(EventField.PRODUCT_CATEGORY, product.category());
    number(EventField.PRODUCT_PRICE, product.price());
  }

  /** Returns the time as text, the last one kept: Kafka has many records of one millisecond. */
  private byte[] receivedAt(long micros) {
    if (receivedAt == null || micros != receivedAtMicros) {
      receivedAtMicros = micros;
      receivedAt = Times.iso(micros).getBytes(UTF_8);
    }
    return receivedAt;
  }

  private static byte[] name(EventField field) {
    return NAMES[field.ordinal()];
  }

  private void text(EventField field, String text) {
    out.text(name(field), text);
  }

  private void number(EventField field, Double number) {
    out.number(name(field), number);
  }

  /** Returns the event that a payload was written from. */
  static ShopEvent event(Map<String, Value> payload) {
    String timestamp = text(payload, EventField.TIMESTAMP);
    Value quantity = payload.get(EventField.QUANTITY.path());
    Value product = payload.get(Field.PRODUCT);
    return new ShopEvent(
        Math.toIntExact(payload.get(Field.PARTITION).getIntegerValue()),
        payload.get(Field.OFFSET).getIntegerValue(),
        Times.micros(payload.get(Field.INGESTED_AT).getStringValue()),
        text(payload, EventField.EVENT_ID),
        timestamp,
        Times.micros(timestamp),
        text(payload, EventField.USER_ID),
        EventType.of(text(payload, EventField.EVENT_TYPE)),
        text(payload, EventField.SESSION_ID),
        product == null ? null : Payload.product(product),
        quantity == null ? null : quantity.getIntegerValue(),
        number(payload, EventField.TOTAL_AMOUNT),
        text(payload, EventField.PAYMENT_METHOD),
        number(payload, EventField.VIEW_DURATION),
        text(payload, EventField.SEARCH_QUERY));
  }

  private static Double number(Map<String, Value> payload, EventField field) {
    Value value = payload.get(field.path());
    return value == null ? null : Payload.asDouble(value);
  }

  private static String text(Map<String, Value> payload, EventField field) {
    Value value = payload.get(field.path());
    return value == null ? null : value.getStringValue();
  }
}
