package io.vectorstream.store;

import static io.qdrant.client.ValueFactory.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.VectorsFactory;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Qdrant's own classes have to read the bytes that this project writes itself. */
class EventUpsertTest {

  private static final String ID = "0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77";
  private static final String LONG_TEXT = "İstanbul'da ılık bir gün 🌞 ".repeat(1000);

  @Test
  void a_whole_event_is_read_by_qdrants_classes() throws InvalidProtocolBufferException {
    ShopEvent event =
        new ShopEvent(
            7,
            Long.MAX_VALUE,
            1_700_000_000_000_000L,
            ID,
            "2024-01-15T13:30:00+03:00",
            1_705_314_600_000_000L,
            "ayşe",
            EventType.PURCHASE,
            "s",
            new Product("p-1", "Çay", LONG_TEXT, "", 0),
            -3L,
            1e300,
            "kart",
            0.1,
            "çay 🍵");
    float[] vector = {0.6f, -0.8f};

    UpsertPoints request = encode(List.of(event), vector);

    Map<String, Value> product = new HashMap<>();
    product.put("id", value("p-1"));
    product.put("name", value("Çay"));
    product.put("description", value(LONG_TEXT));
    product.put("category", value(""));
    product.put("price", value(0.0));
    PointStruct expected =
        PointStruct.newBuilder()
            .setId(PointIdFactory.id(UUID.fromString(ID)))
            .setVectors(PointVectors.of(vector))
            .putPayload("event_id", value(ID))
            // Its own time is ahead of when Kafka took it.
            .putPayload("counted_at", value("2023-11-14T22:13:20Z"))
            .putPayload("timestamp", value("2024-01-15T10:30:00Z"))
            .putPayload("user_id", value("ayşe"))
            .putPayload("event_type", value("purchase"))
            .putPayload("session_id", value("s"))
            .putPayload("partition", value(7))
            .putPayload("offset", value(Long.MAX_VALUE))
            .putPayload("ingested_at", value("2023-11-14T22:13:20Z"))
            .putPayload("stored_at", value("2023-11-14T22:13:21Z"))
            .putPayload("batch", value("q:1"))
            .putPayload("product", Payload.struct(product))
            .putPayload("quantity", value(-3))
            .putPayload("total_amount", value(1e300))
            .putPayload("payment_method", value("kart"))
            .putPayload("view_duration", value(0.1))
            .putPayload("search_query", value("çay 🍵"))
            .build();
    assertThat(request.getCollectionName()).isEqualTo("events");
    assertThat(request.getWait()).isTrue();
    assertThat(request.getPointsList()).containsExactly(expected);
  }

  @Test
  void what_an_event_left_out_is_left_out() throws InvalidProtocolBufferException {
    ShopEvent search =
        new ShopEvent(
            0,
            0,
            0,
            "e",
            "1970-01-01T00:00:00Z",
            0,
            "u",
            EventType.SEARCH,
            "s",
            null,
            null,
            null,
            null,
            null,
            "lamp");

    PointStruct point = encode(List.of(search), null).getPoints(0);

    assertThat(point.getPayloadMap())
        .doesNotContainKeys(
            "product", "quantity", "total_amount", "payment_method", "view_duration")
        .containsEntry("search_query", value("lamp"));
    assertThat(point.getVectors()).isEqualTo(VectorsFactory.namedVectors(Map.of()));
    assertThat(point.getId()).isEqualTo(PointIds.point("e"));
  }

  @Test
  void of_a_forgotten_users_event_only_what_sums_are_made_of_is_stored()
      throws InvalidProtocolBufferException {
    ShopEvent event =
        new ShopEvent(
            0,
            0,
            0,
            "order-of-ada",
            "1970-01-01T00:00:00Z",
            0,
            "ada",
            EventType.PURCHASE,
            "session-of-ada",
            new Product("p", "Lamp", null, null, 1),
            2L,
            3.5,
            "ada's card",
            7.0,
            "ada's lamp");

    PointStruct point = encode(List.of(event.withoutUser()), null).getPoints(0);

    assertThat(point.getId()).isEqualTo(PointIds.point("order-of-ada"));
    assertThat(point.getPayloadMap())
        .containsOnlyKeys(
            "timestamp",
            "event_type",
            "partition",
            "offset",
            "ingested_at",
            "stored_at",
            "batch",
            "product",
            "quantity",
            "total_amount");
    assertThat(EventPayload.event(point.getPayloadMap()))
        .usingRecursiveComparison()
        .ignoringFields("eventId")
        .isEqualTo(event.withoutUser());
    assertThat(point.toString()).doesNotContain("ada");
  }

  @Test
  void lengths_of_every_size_are_written_right() throws InvalidProtocolBufferException {
    for (int length :
        new int[] {0, 1, 90, 100, 110, 120, 127, 128, 129, 16_000, 16_383, 16_384, 2_100_000}) {
      String text = "x".repeat(length);
      ShopEvent event =
          new ShopEvent(
              0,
              0,
              0,
              "e",
              "1970-01-01T00:00:00Z",
              0,
              text,
              EventType.VIEW,
              "s",
              new Product("p", text, text, null, 1),
              null,
              null,
              null,
              null,
              null);

      UpsertPoints request = encode(List.of(event, event, event), null);

      assertThat(request.getPointsList()).hasSize(3);
      for (PointStruct point : request.getPointsList()) {
        assertThat(point.getPayloadMap().get("user_id").getStringValue()).isEqualTo(text);
        assertThat(Payload.product(point.getPayloadMap().get("product")).description())
            .isEqualTo(text);
      }
    }
  }

  private static UpsertPoints encode(List<ShopEvent> events, float[] vector)
      throws InvalidProtocolBufferException {
    EventUpsert upsert =
        new EventUpsert("events", WriteOrderingType.Medium, 1, "q:1", 1_700_000_001_000_000L, true);
    events.forEach(event -> upsert.add(event, vector));
    return UpsertPoints.parseFrom(upsert.toByteArray());
  }
}
