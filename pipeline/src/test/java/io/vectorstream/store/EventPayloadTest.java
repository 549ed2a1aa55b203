package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An event that is read again, to be counted later, has to equal the one that was stored. */
class EventPayloadTest {

  private static final String TIMESTAMP = "2024-01-15T10:30:00.123456Z";
  private static final int OPTIONAL_FIELDS = 8;

  @Test
  void an_event_comes_back_with_what_it_has_and_without_what_it_left_out()
      throws InvalidProtocolBufferException {
    for (int present = 0; present < 1 << OPTIONAL_FIELDS; present++) {
      ShopEvent event = event(present, EventType.PURCHASE, TIMESTAMP);

      assertThat(EventPayload.event(stored(event))).isEqualTo(event);
    }
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void an_event_of_every_type_comes_back(EventType type) throws InvalidProtocolBufferException {
    ShopEvent event = event(-1, type, TIMESTAMP);

    assertThat(EventPayload.event(stored(event))).isEqualTo(event);
  }

  @Test
  void texts_that_are_empty_are_not_texts_that_are_missing() throws InvalidProtocolBufferException {
    ShopEvent event =
        new ShopEvent(
            0,
            0,
            0,
            "e",
            TIMESTAMP,
            micros(TIMESTAMP),
            "u",
            EventType.VIEW,
            "s",
            new Product("p", "", "", "", 0),
            0L,
            0.0,
            "",
            0.0,
            "");

    assertThat(EventPayload.event(stored(event))).isEqualTo(event);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-15T13:30:00+03:00,           2024-01-15T10:30:00Z",
    "2024-01-01T00:30-05:30,              2024-01-01T06:00:00Z",
    "2024-01-15T10:30:00.5+00:00,         2024-01-15T10:30:00.500Z",
    "2024-01-15T10:30:00.123456789-18:00, 2024-01-16T04:30:00.123456789Z",
    "2024-01-15T10:30Z,                   2024-01-15T10:30:00Z",
    "2024-01-15T10:30:00.10Z,             2024-01-15T10:30:00.10Z"
  })
  void a_timestamp_comes_back_in_utc_as_the_same_moment(String given, String utc)
      throws InvalidProtocolBufferException {
    ShopEvent read = EventPayload.event(stored(event(-1, EventType.VIEW, given)));

    assertThat(read.timestamp()).isEqualTo(utc);
    assertThat(read.eventTimeMicros()).isEqualTo(micros(given));
  }

  @ParameterizedTest
  @CsvSource({
    "0001-01-01T00:00:00Z",
    "1600-02-29T12:00:00.000001Z",
    "1969-12-31T23:59:59.9999999Z",
    "1970-01-01T00:00:00Z",
    "2262-04-11T23:47:16.854776Z",
    "2300-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z"
  })
  void an_event_of_any_year_comes_back(String timestamp) throws InvalidProtocolBufferException {
    ShopEvent event = event(-1, EventType.VIEW, timestamp);

    assertThat(EventPayload.event(stored(event))).isEqualTo(event);
  }

  @Test
  void whole_numbers_may_come_back_where_decimals_were_stored()
      throws InvalidProtocolBufferException {
    ShopEvent event = event(-1, EventType.PURCHASE, TIMESTAMP);
    Map<String, Value> payload = new HashMap<>(stored(event));
    payload.put("total_amount", Payload.integer(60));
    payload.put("view_duration", Payload.integer(7));

    ShopEvent read = EventPayload.event(payload);

    assertThat(read.totalAmount()).isEqualTo(60.0);
    assertThat(read.viewDuration()).isEqualTo(7.0);
  }

  /** The payload as Qdrant's own classes read it. */
  private static Map<String, Value> stored(ShopEvent event) throws InvalidProtocolBufferException {
    EventUpsert upsert =
        new EventUpsert(
            "events", WriteOrderingType.Medium, 1, "q:1:ab", 1_700_000_001_000_000L, true);
    upsert.add(event, null);
    return UpsertPoints.parseFrom(upsert.toByteArray()).getPoints(0).getPayloadMap();
  }

  /**
   * @param present a bit for each field that an event may leave out
   */
  private static ShopEvent event(int present, EventType type, String timestamp) {
    Product product =
        new Product(
            "p-1",
            "Çaydanlık",
            has(present, 0) ? "Porselen, 1 litre" : null,
            has(present, 1) ? "Ev | Mutfak" : null,
            19.9);
    return new ShopEvent(
        3,
        Long.MAX_VALUE,
        1_700_000_000_123_456L,
        "e-1",
        timestamp,
        micros(timestamp),
        "ayşe",
        type,
        "s-1",
        has(present, 2) ? product : null,
        has(present, 3) ? 3L : null,
        has(present, 4) ? 59.7 : null,
        has(present, 5) ? "kart" : null,
        has(present, 6) ? 12.5 : null,
        has(present, 7) ? "çay 🍵" : null);
  }

  private static boolean has(int present, int field) {
    return (present & 1 << field) != 0;
  }

  private static long micros(String timestamp) {
    Instant instant = OffsetDateTime.parse(timestamp).toInstant();
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
