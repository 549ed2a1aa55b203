package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.Engagement;
import io.vectorstream.merge.EventCounts;
import io.vectorstream.merge.Interest;
import io.vectorstream.merge.Listing;
import io.vectorstream.merge.PendingShares;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.Trail;
import io.vectorstream.merge.UserState;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A written state has to be read back unchanged, because a batch adds to it. */
class StatePointsTest {

  @Test
  void a_product_comes_back_from_its_payload() {
    EventCounts counts = new EventCounts();
    counts.add(EventType.VIEW, 12);
    counts.add(EventType.PURCHASE, 3);
    ProductState state =
        new ProductState(
            new ProductVersion(
                new Product("p", "Çaydanlık", null, "Ev | Mutfak", 20),
                "abc",
                1_700_000_000_123_456L),
            "model",
            counts,
            BigInteger.valueOf(603_000),
            1_600_000_000_000_001L,
            1_700_000_000_999_999L,
            472_222.5,
            "the model failed",
            Map.of(ProductText.hash("Pot"), "Pot", ProductText.hash("Çaydanlık"), "Çaydanlık"),
            true,
            "q:3",
            new Listing(Listing.Status.HIDDEN, true, "t", 2, 1L << 40, 1_700_000_000_123L));

    ProductState read = ProductPoints.state(ProductPoints.payload(state));

    assertThat(read).usingRecursiveComparison().isEqualTo(state);
    assertThat(read.revenue()).isEqualTo(60.3);
  }

  @Test
  void a_product_that_has_a_vector_has_no_error_in_its_payload() {
    ProductState failed = product("the model failed", 1_700_000_000_123_456L);
    ProductState mended = failed.withEmbeddingError(null);

    assertThat(ProductPoints.payload(failed))
        .containsEntry("embedding_error", Payload.text("the model failed"));
    assertThat(ProductPoints.payload(mended)).doesNotContainKey("embedding_error");
    assertThat(ProductPoints.state(ProductPoints.payload(mended)))
        .usingRecursiveComparison()
        .isEqualTo(mended);
  }

  @Test
  void a_product_of_a_catalogue_comes_back_and_takes_its_first_event() {
    ProductVersion catalogue =
        new ProductVersion(
            new Product("p", "Lamp", "Of oak", null, 20), "abc", 1_700_000_000_000_000L);
    ShopEvent event =
        new ShopEvent(
            0,
            0,
            1_700_000_000_000_000L,
            "e",
            "2023-11-14T22:13:19Z",
            1_699_999_999_000_000L,
            "u",
            EventType.VIEW,
            "s",
            new Product("p", "Lamp, old", null, null, 18),
            null,
            null,
            null,
            null,
            null);
    ProductDelta delta = new ProductDelta(8);
    delta.add(event);

    ProductState read = ProductPoints.state(ProductPoints.unseen(catalogue, "model", false));
    ProductState seen = read.plus(delta, "model", "q:1");

    assertThat(read.wasSeen()).isFalse();
    assertThat(read.counts().total()).isZero();
    assertThat(seen.newest()).isEqualTo(catalogue);
    assertThat(seen.counts().of(EventType.VIEW)).isEqualTo(1);
    assertThat(seen.firstSeenMicros()).isEqualTo(event.eventTimeMicros());
    assertThat(seen.lastSeenMicros()).isEqualTo(event.eventTimeMicros());
    assertThat(ProductPoints.payload(read)).doesNotContainKeys("first_seen", "last_seen");
  }

  @Test
  void a_product_waits_for_its_newest_text_beside_those_that_interests_wait_for() {
    ProductState settled = product(null, 1_700_000_000_123_456L);
    String hash = settled.newest().textHash();
    ProductState full =
        settled.withPending(Map.of(ProductText.hash("Pot"), "Pot", hash, "newest"), 1);
    ProductState beside =
        settled
            .withPending(Map.of(ProductText.hash("Pot"), "Pot"), 1)
            .withPending(Map.of(hash, "newest"), 1);

    assertThat(full.newestPending()).isFalse();
    assertThat(full.pendingTexts()).containsOnlyKeys(hash);
    Map<String, Value> payload = ProductPoints.payload(beside);
    assertThat(payload).containsEntry(ProductPoints.PENDING, Payload.flag(true));
    assertThat(ProductPoints.state(payload)).usingRecursiveComparison().isEqualTo(beside);
    assertThat(ProductPoints.payload(beside.resolved(new TextVectors(Map.of(), Map.of()))))
        .isEqualTo(payload);
    // As written before there was this field.
    payload.remove("newest_text_pending");
    assertThat(ProductPoints.state(payload).isPending()).isFalse();
    assertThat(ProductPoints.state(payload).pendingTexts()).isEqualTo(beside.pendingTexts());
  }

  @Test
  void a_product_that_nobody_has_wanted_has_no_trend_in_its_payload() {
    ProductState unwanted = product(null, 1_700_000_000_123_456L);

    assertThat(ProductPoints.payload(unwanted)).doesNotContainKey(ProductPoints.TREND);
    assertThat(ProductPoints.state(ProductPoints.payload(unwanted)).hasTrend()).isFalse();
  }

  @Test
  void a_product_of_any_year_comes_back_from_its_payload() {
    for (String time :
        List.of("0001-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z")) {
      ProductState state = product(null, Instant.parse(time).getEpochSecond() * 1_000_000);

      assertThat(ProductPoints.state(ProductPoints.payload(state)))
          .usingRecursiveComparison()
          .isEqualTo(state);
    }
  }

  private static ProductState product(String embeddingError, long describedAtMicros) {
    return new ProductState(
        new ProductVersion(new Product("p", "Lamp", null, null, 20), "abc", describedAtMicros),
        "model",
        new EventCounts(),
        BigInteger.ZERO,
        describedAtMicros,
        describedAtMicros,
        Double.NEGATIVE_INFINITY,
        embeddingError,
        Map.of(),
        false,
        "q:3:ab",
        null);
  }

  @Test
  void a_product_that_is_retired_before_it_was_ever_described_comes_back() {
    ProductState retired =
        ProductState.unknown("p", "model")
            .listed(new ProductRecord(0, 5, 1_000, "p", null, false), "t");

    ProductState read = ProductPoints.state(ProductPoints.payload(retired));

    assertThat(read).usingRecursiveComparison().isEqualTo(retired);
    assertThat(read.newest().isKnown()).isFalse();
  }

  @Test
  void a_user_comes_back_from_its_point() {
    EventCounts counts = new EventCounts();
    counts.add(EventType.SEARCH, 1);
    UserState state =
        new UserState(
            "ayşe",
            counts,
            List.of(
                new UserState.Seen("p2", 1_700_000_000_000_002L),
                new UserState.Seen("p1", 1_700_000_000_000_001L)),
            new Trail(
                List.of(
                    new Trail.Step("p2", Engagement.BOUGHT),
                    new Trail.Step("p1", Engagement.SEEN))),
            1_600_000_000_000_001L,
            1_700_000_000_000_002L,
            new Interest(
                new float[] {0.6f, 0.8f},
                3.25,
                5,
                1_700_000_000_000_002L,
                new PendingShares(Map.of("hash", 0.5), Map.of("warm socks", 1.25))),
            "q:9");

    assertThat(UserPoints.state(retrieved(UserPoints.point(state, "model"))))
        .usingRecursiveComparison()
        .isEqualTo(state);
  }

  @Test
  void what_is_pending_can_be_found_and_what_is_not_says_nothing() {
    ProductState settled = product(null, 1_700_000_000_123_456L);
    ProductState pending = settled.withPending(Map.of(ProductText.hash("Lamp"), "Lamp"), 8);

    assertThat(ProductPoints.payload(pending))
        .containsEntry(ProductPoints.PENDING, Payload.flag(true));
    assertThat(ProductPoints.payload(settled))
        .doesNotContainKeys(ProductPoints.PENDING, "pending_texts");
    assertThat(UserPoints.point(user(Map.of("warm socks", 1.0)), "model").getPayloadMap())
        .containsEntry(UserPoints.QUERIES_PENDING, Payload.flag(true));
    assertThat(UserPoints.point(user(Map.of()), "model").getPayloadMap())
        .doesNotContainKey(UserPoints.QUERIES_PENDING);
  }

  private static UserState user(Map<String, Double> pendingQueries) {
    Interest interest = new Interest(null, 0, 4, 2, new PendingShares(Map.of(), pendingQueries));
    return new UserState("u", new EventCounts(), List.of(), Trail.NONE, 1, 2, interest, "q:0");
  }

  @Test
  void a_user_without_a_direction_has_a_point_without_a_vector() {
    UserState state =
        new UserState(
            "u",
            new EventCounts(),
            List.of(),
            Trail.NONE,
            1,
            2,
            new Interest(null, 0, 4, 2, PendingShares.NONE),
            "q:0");

    PointStruct point = UserPoints.point(state, "model");

    assertThat(point.getVectors().hasVectors()).isTrue();
    assertThat(UserPoints.state(retrieved(point)).interest().direction()).isNull();
    assertThat(UserPoints.state(retrieved(point)).interest().weight()).isEqualTo(4);
  }

  @Test
  void an_events_timestamp_is_stored_in_utc_with_all_its_digits() {
    assertThat(Times.utc("2024-01-15T13:30:00.123456789+03:00"))
        .isEqualTo("2024-01-15T10:30:00.123456789Z");
    assertThat(Times.utc("2024-01-15T10:30:00Z")).isEqualTo("2024-01-15T10:30:00Z");
    assertThat(Times.utc("2024-01-01T00:30+01:00")).isEqualTo("2023-12-31T23:30:00Z");
  }

  @Test
  void times_before_1970_survive() {
    assertThat(Times.micros(Times.iso(-1))).isEqualTo(-1);
    assertThat(Times.micros(Times.iso(-1_500_000))).isEqualTo(-1_500_000);
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_category_with_many_blanks_costs_no_more_than_its_length() {
    assertThat(ProductPoints.categories("a" + " ".repeat(500_000) + "b")).hasSize(1);
  }

  @Test
  void a_category_path_is_found_at_every_level() {
    assertThat(ProductPoints.categories("Toys & Games | Puppets > Hand Puppets"))
        .containsExactly("toys & games", "puppets", "hand puppets");
    assertThat(ProductPoints.categories(" | Toys>> ")).containsExactly("toys");
    assertThat(ProductPoints.categories("  ")).isEmpty();
    assertThat(ProductPoints.categories(null)).isEmpty();
  }

  private static RetrievedPoint retrieved(PointStruct point) {
    RetrievedPoint.Builder retrieved =
        RetrievedPoint.newBuilder().setId(point.getId()).putAllPayload(point.getPayloadMap());
    if (point.getVectors().hasVector()) {
      retrieved.setVectors(
          VectorsOutput.newBuilder()
              .setVector(
                  VectorOutput.newBuilder().setDense(point.getVectors().getVector().getDense())));
    }
    return retrieved.build();
  }
}
