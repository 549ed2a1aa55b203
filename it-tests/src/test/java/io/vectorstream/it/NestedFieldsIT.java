package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.Stored.Point;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class NestedFieldsIT {
  private static final List<String> ADDED =
      List.of("partition", "offset", "ingested_at", "stored_at", "batch");

  private static final String TURKISH = "İstanbul'un ışıltılı çaydanlığı: IĞDIR, ığdır, Şöğüç";
  private static final String EMOJI = "👩‍👩‍👧‍👦 🛍️ 🇹🇷 𝒳";
  private static final String RIGHT_TO_LEFT = "سماعات لاسلكية \u200fאוזניות";
  private static final String COMBINING = "Cafe\u0301 is not Caf\u00e9";
  private static final String ESCAPED = "\"quoted\" back\\slash\ttab\nline / slash";

  @Test
  void every_field_of_an_event_comes_back_as_it_was_sent(Services services, @TempDir Path folder) {
    ObjectNode product =
        Shop.product(
            "ürün-ıİ",
            TURKISH,
            String.join(" ", EMOJI, RIGHT_TO_LEFT, COMBINING, ESCAPED),
            "Ev & Yaşam | Mutfak | Çaydanlık",
            1299.99);
    ObjectNode plain = Shop.product(UUID.randomUUID().toString(), "Plain mug", "", "", 0);
    ObjectNode bare = plain.deepCopy().put("id", "bare").put("price", 7);
    bare.remove(List.of("description", "category"));

    List<ObjectNode> events =
        List.of(
            withAllFields(Shop.event("purchase", "kullanıcı-ğ", product)),
            Shop.event("view", "user-2", plain).put("view_duration", 45),
            Shop.event("add_to_cart", "user-2", bare).put("quantity", 3_000_000_000L),
            Shop.event("remove_from_cart", "user-2", plain).put("event_id", "sipariş №42 🛒"),
            Shop.event("wishlist_add", "user-3", product)
                .put("timestamp", "2024-03-10T01:45:59.123456789+05:45"),
            Shop.event("search", "user-3", null)
                .put("search_query", "kırmızı ışıklı ÇAYDANLIK ☕")
                .put("timestamp", "2024-12-31T23:59-08:00"));

    try (Deployment deployment = new Deployment(services, folder)) {
      List<RecordMetadata> sent = send(deployment, events);
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(events.size()).stored()).isEqualTo(events.size());
      }

      Map<UUID, Point> stored = deployment.stored().events();
      assertThat(stored).hasSize(events.size());
      for (int i = 0; i < events.size(); i++) {
        ObjectNode event = events.get(i);
        Point point = stored.get(pointId(event.path("event_id").textValue()));
        assertThat(point).as("point of %s", event).isNotNull();
        assertThat(asSent(point)).isEqualTo(expected(event));
        assertSameInstant(point.text("timestamp"), event.path("timestamp").textValue());
        assertCameFrom(point, sent.get(i));
      }

      Map<String, Point> products = deployment.stored().products();
      assertThat(products).containsOnlyKeys("ürün-ıİ", plain.path("id").textValue(), "bare");
      products.forEach((id, point) -> assertThat(point.id()).isEqualTo(pointId(id)));
      assertThat(products.get("ürün-ıİ").payload().get("product"))
          .isEqualTo(Stored.asStored(product));
      assertThat(products.get("bare").payload().get("product")).isEqualTo(Stored.asStored(bare));
      deployment
          .stored()
          .users()
          .forEach((id, point) -> assertThat(point.id()).as(id).isEqualTo(pointId(id)));
    }
  }

  private static ObjectNode withAllFields(ObjectNode event) {
    return event
        .put("quantity", 3)
        .put("total_amount", 3899.97)
        .put("payment_method", "kapıda ödeme")
        .put("view_duration", 12.75)
        .put("search_query", "çaydanlık");
  }

  /** Sends the events with unknown fields, at the top and inside the product. */
  private static List<RecordMetadata> send(Deployment deployment, List<ObjectNode> events) {
    List<ObjectNode> withMore = new ArrayList<>();
    for (ObjectNode event : events) {
      ObjectNode more = event.deepCopy();
      more.put("client_version", "7.1").putObject("campaign").putArray("tags").add("spring");
      if (more.get("product") instanceof ObjectNode product) {
        product.put("stock", 12).putNull("colour");
      }
      withMore.add(more);
    }
    return deployment.send(withMore.toArray(ObjectNode[]::new));
  }

  private static ObjectNode expected(ObjectNode sent) {
    ObjectNode expected = (ObjectNode) Stored.asStored(sent);
    expected.remove("timestamp");
    return expected;
  }

  /**
   * Returns the payload without the fields that the pipeline adds, and without the time, which may
   * be written in another way.
   */
  private static ObjectNode asSent(Point point) {
    ObjectNode payload = point.payload().deepCopy();
    payload.remove(ADDED);
    payload.remove("timestamp");
    return payload;
  }

  private static void assertSameInstant(String stored, String sent) {
    assertThat(stored).as("time in UTC").endsWith("Z");
    assertThat(Instant.parse(stored)).isEqualTo(OffsetDateTime.parse(sent).toInstant());
  }

  private static void assertCameFrom(Point point, RecordMetadata record) {
    assertThat(point.payload().get("partition").intValue()).isEqualTo(record.partition());
    assertThat(point.payload().get("offset").longValue()).isEqualTo(record.offset());
    Instant ingestedAt = Instant.parse(point.text("ingested_at"));
    assertThat(ingestedAt).isEqualTo(Instant.ofEpochMilli(record.timestamp()));
    assertThat(Instant.parse(point.text("stored_at"))).isBetween(ingestedAt, Instant.now());
  }

  /**
   * The id itself where it is a UUID, otherwise its version-5 UUID in the URL name space (RFC
   * 9562).
   */
  private static UUID pointId(String id) {
    if (id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      return UUID.fromString(id);
    }
    UUID urls = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");
    ByteBuffer hash = ByteBuffer.wrap(sha1(urls, id));
    long most = hash.getLong() & ~0xF000L | 0x5000L;
    long least = hash.getLong() & ~(3L << 62) | 1L << 63;
    return new UUID(most, least);
  }

  private static byte[] sha1(UUID nameSpace, String name) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(nameSpace.getMostSignificantBits())
              .putLong(nameSpace.getLeastSignificantBits())
              .array());
      return sha1.digest(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
