package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.Listing.Status;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Products that the products topic describes, hides and retires, and the events about them. */
class ListingTest {

  private static final String TOPIC = "the topic's id";
  private static final String MARK = "q:1:ab";

  @Test
  void events_count_but_do_not_change_what_the_topic_says() {
    ProductState listed = unknown().listed(version(0, 1, "Lamp", 20), TOPIC);

    ProductState after =
        listed.plus(delta(2_000_000_000_000_000L, "Only 3 lamps left", 99), "m", MARK);

    assertThat(after.newest()).isEqualTo(listed.newest());
    assertThat(after.counts().total()).isEqualTo(1);
    assertThat(after.batch()).isEqualTo(MARK);
  }

  @Test
  void the_topic_describes_a_product_that_events_described_and_leaves_its_counts() {
    ProductState known =
        ProductState.of(delta(2_000_000_000_000_000L, "Only 3 left", 99), "m", MARK);

    ProductState listed = known.listed(version(0, 1, "Lamp", 20), TOPIC);

    assertThat(listed.newest().product()).isEqualTo(new Product("p", "Lamp", null, null, 20));
    assertThat(listed.counts().total()).isEqualTo(1);
    assertThat(listed.batch()).isEqualTo(MARK);
    assertThat(listed.lastSeenMicros()).isEqualTo(known.lastSeenMicros());
  }

  @Test
  void events_cannot_bring_a_retired_product_back_and_a_new_version_can() {
    ProductState retired =
        unknown()
            .listed(version(0, 1, "Lamp", 20), TOPIC)
            .listed(retirement(0, 2), TOPIC)
            .plus(delta(2_000_000_000_000_000L, "Lamp", 20), "m", MARK);
    assertThat(retired.listing().status()).isEqualTo(Status.RETIRED);
    assertThat(retired.counts().total()).isEqualTo(1);

    ProductState back = retired.listed(version(0, 3, "New lamp", 30), TOPIC);

    assertThat(back.listing().status()).isEqualTo(Status.LISTED);
    assertThat(back.newest().product().name()).isEqualTo("New lamp");
    assertThat(back.counts().total()).isEqualTo(1);
  }

  @Test
  void a_product_retired_before_it_was_seen_is_described_by_its_events_and_stays_retired() {
    ProductState retired = unknown().listed(retirement(0, 1), TOPIC);
    assertThat(retired.newest().isKnown()).isFalse();

    ProductState seen = retired.plus(delta(-1_000_000, "Lamp", 20), "m", MARK);

    assertThat(seen.newest().product().name()).isEqualTo("Lamp");
    assertThat(seen.listing().status()).isEqualTo(Status.RETIRED);
    assertThat(seen.plus(delta(5, "Newer", 20), "m", "q:2:ab").newest().product().name())
        .isEqualTo("Newer");
  }

  @Test
  void what_is_not_available_is_hidden_and_stays_known() {
    ProductRecord hidden =
        new ProductRecord(0, 1, 1, "p", new Product("p", "Lamp", null, null, 20), false);

    ProductState state = unknown().listed(hidden, TOPIC);

    assertThat(state.listing().status()).isEqualTo(Status.HIDDEN);
    assertThat(state.newest().product().name()).isEqualTo("Lamp");
  }

  @Test
  void records_that_come_again_or_late_change_nothing() {
    List<ProductRecord> records =
        List.of(
            version(1, 10, "first", 1),
            retirement(1, 12),
            version(1, 13, "second", 2),
            version(1, 19, "third", 3));
    ProductState last = apply(unknown(), records);
    assertThat(last.newest().product().name()).isEqualTo("third");

    for (int seed = 0; seed < 20; seed++) {
      List<ProductRecord> again = new ArrayList<>(records);
      again.addAll(records);
      Collections.shuffle(again, new Random(seed));

      assertThat(apply(last, again)).isSameAs(last);
      assertThat(apply(unknown(), again).newest()).isEqualTo(last.newest());
      assertThat(apply(unknown(), again).listing().status()).isEqualTo(Status.LISTED);
    }
  }

  @Test
  void between_partitions_the_time_decides_the_same_way_whatever_is_read_first() {
    ProductRecord early = at(500, 0, 90, "early");
    ProductRecord late = at(900, 1, 3, "late");
    ProductRecord sameTime = at(900, 2, 1, "of the same time");

    for (List<ProductRecord> order :
        List.of(
            List.of(early, late, sameTime),
            List.of(sameTime, late, early),
            List.of(late, sameTime, early, late),
            List.of(sameTime, early, late, sameTime))) {
      assertThat(apply(unknown(), order).newest().product().name()).isEqualTo("of the same time");
    }
  }

  @Test
  void records_of_a_topic_that_was_made_again_count_although_their_offsets_are_lower() {
    ProductState before = unknown().listed(at(500, 0, 90, "of the first topic"), TOPIC);

    ProductState copied = before.listed(at(500, 0, 2, "copied"), "another id");

    assertThat(copied.newest().product().name()).isEqualTo("copied");
    assertThat(copied.listed(at(500, 0, 2, "copied"), "another id")).isSameAs(copied);
    assertThat(before.listed(at(499, 0, 2, "older"), "another id")).isSameAs(before);
  }

  @Test
  void a_text_that_waits_beside_the_others_is_not_waited_for_when_the_topic_has_another() {
    ProductState full =
        unknown()
            .listed(version(0, 1, "Lamp", 20), TOPIC)
            .withPending(Map.of(ProductText.hash("Lamp"), "Lamp"), 0);
    assertThat(full.newestPending()).isTrue();

    assertThat(full.listed(version(0, 2, "Lamp", 25), TOPIC).newestPending()).isTrue();
    assertThat(full.listed(version(0, 3, "Other lamp", 25), TOPIC).hasPending()).isFalse();
  }

  @Test
  void an_interest_takes_the_topics_text_whatever_the_events_say() {
    ProductState product = unknown().listed(version(0, 1, "Lamp", 20), TOPIC);
    ProductDelta delta = delta(5, "Only 3 left", 20);
    String ofTopic = ProductText.hash("Lamp");
    assertThat(delta.textsByHash(product)).isEqualTo(Map.of(ofTopic, "Lamp"));
    // Another product has the events' text, too, and its embedding is known.
    TextVectors known =
        new TextVectors(
            Map.of(
                ofTopic, new float[] {1, 0}, ProductText.hash("Only 3 left"), new float[] {0, 1}),
            Map.of());

    TextVectors texts =
        known.withStandIns(Map.of("p", StandIn.of(delta, product, known).orElseThrow()));

    assertThat(interest(texts).direction()).containsExactly(1, 0);
    assertThat(texts.isWaiting("p", ProductText.hash("Only 3 left"))).isFalse();
  }

  @Test
  void an_interest_waits_for_the_topics_text() {
    ProductState product =
        unknown()
            .listed(version(0, 1, "Lamp", 20), TOPIC)
            .withPending(Map.of(ProductText.hash("Lamp"), "Lamp"), 8);
    StandIn standIn =
        StandIn.of(delta(5, "Only 3 left", 20), product, TextVectors.NONE).orElseThrow();

    Interest interest = interest(TextVectors.NONE.withStandIns(Map.of("p", standIn)));

    assertThat(interest.direction()).isNull();
    assertThat(interest.weight()).isEqualTo(1);
    assertThat(interest.pending().products()).containsOnlyKeys(ProductText.hash("Lamp"));
  }

  private static Interest interest(TextVectors texts) {
    Decay decay = new Decay(Duration.ofDays(7));
    UserDelta user = new UserDelta("u", decay, new DeltaBounds(8, 50, 5));
    user.add(
        view(5, "Only 3 left", 20),
        ProductText.hash("Only 3 left"),
        new Settings.Weights(5, 3, 2, 1, 1, -2));
    return UserState.unknown("u").plus(user, texts, TextVectors.NONE, decay, 5, MARK).interest();
  }

  private static ProductState unknown() {
    return ProductState.unknown("p", "m");
  }

  private static ProductState apply(ProductState state, List<ProductRecord> records) {
    ProductState now = state;
    for (ProductRecord record : records) {
      now = now.listed(record, TOPIC);
    }
    return now;
  }

  private static ProductRecord version(int partition, long offset, String name, double price) {
    return new ProductRecord(
        partition, offset, offset, "p", new Product("p", name, null, null, price), true);
  }

  private static ProductRecord at(long millis, int partition, long offset, String name) {
    return new ProductRecord(
        partition, offset, millis, "p", new Product("p", name, null, null, 1), true);
  }

  private static ProductRecord retirement(int partition, long offset) {
    return new ProductRecord(partition, offset, offset, "p", null, false);
  }

  private static ProductDelta delta(long micros, String name, double price) {
    ProductDelta delta = new ProductDelta(8);
    delta.add(view(micros, name, price));
    return delta;
  }

  private static ShopEvent view(long micros, String name, double price) {
    return new ShopEvent(
        0,
        0,
        micros,
        "e",
        "1970-01-01T00:00:00Z",
        micros,
        "u",
        EventType.VIEW,
        "s",
        new Product("p", name, null, null, price),
        null,
        null,
        null,
        null,
        null);
  }
}
