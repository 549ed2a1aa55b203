package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrendTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void an_action_counts_its_weight_now_and_half_of_it_an_hour_later() {
    for (EventType type : List.of(EventType.VIEW, EventType.WISHLIST_ADD, EventType.ADD_TO_CART)) {
      double trend = Trend.of(event(type, NOW));
      double weight = Trend.score(trend, NOW);

      assertThat(weight).as("%s", type).isBetween(0.99, 3.01);
      assertThat(Trend.score(trend, NOW.plus(Duration.ofHours(1))))
          .isCloseTo(weight / 2, within(1e-6));
      assertThat(Trend.score(trend, NOW.plus(Duration.ofHours(10))))
          .isCloseTo(weight / 1024, within(1e-6));
    }
    assertThat(Trend.score(Trend.of(event(EventType.PURCHASE, NOW)), NOW))
        .isCloseTo(5, within(1e-6));
  }

  @Test
  void what_shows_no_demand_counts_nothing() {
    double none = Trend.of(event(EventType.SEARCH, NOW));

    assertThat(none).isEqualTo(Trend.NONE);
    assertThat(Trend.of(event(EventType.REMOVE_FROM_CART, NOW))).isEqualTo(Trend.NONE);
    assertThat(Trend.sum(none, none)).isEqualTo(Trend.NONE);
    double view = Trend.of(event(EventType.VIEW, NOW));
    assertThat(Trend.sum(none, view)).isEqualTo(view);
    assertThat(Trend.sum(view, none)).isEqualTo(view);
    assertThat(Trend.score(none, NOW)).isZero();
  }

  @Test
  void a_sum_is_the_decayed_count_in_any_order_and_any_split() {
    Random random = new Random(1);
    List<ShopEvent> events = new ArrayList<>();
    double expected = 0;
    for (int i = 0; i < 2_000; i++) {
      double hours = random.nextDouble() * 40;
      boolean purchase = random.nextInt(10) == 0;
      Instant time = NOW.minusMillis((long) (hours * 3_600_000));
      events.add(event(purchase ? EventType.PURCHASE : EventType.VIEW, time));
      expected += (purchase ? 5 : 1) * Math.pow(0.5, hours);
    }
    double inOrder = sum(events);
    assertThat(Trend.score(inOrder, NOW)).isCloseTo(expected, within(1e-4));

    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(events, new Random(seed));
      int half = new Random(seed).nextInt(events.size());
      double parts =
          Trend.sum(sum(events.subList(0, half)), sum(events.subList(half, events.size())));
      assertThat(sum(events)).isCloseTo(inOrder, within(1e-9));
      assertThat(parts).isCloseTo(inOrder, within(1e-9));
    }
  }

  @Test
  void the_order_of_two_products_by_trend_is_that_by_decayed_count_at_every_moment() {
    double many = Trend.NONE;
    for (int i = 0; i < 100; i++) {
      many = Trend.sum(many, Trend.of(event(EventType.VIEW, NOW.minus(Duration.ofHours(5)))));
    }
    double few = Trend.NONE;
    for (int i = 0; i < 4; i++) {
      few = Trend.sum(few, Trend.of(event(EventType.VIEW, NOW)));
    }

    assertThat(few).isGreaterThan(many);
    assertThat(Trend.score(many, NOW)).isCloseTo(100 / 32.0, within(1e-6));
    for (int hours : new int[] {0, 1, 24, 1000}) {
      Instant later = NOW.plus(Duration.ofHours(hours));
      assertThat(Trend.score(few, later)).isGreaterThan(Trend.score(many, later));
    }
  }

  @Test
  void an_event_from_the_future_counts_from_when_it_was_received() {
    ShopEvent future = event(EventType.VIEW, NOW.plus(Duration.ofDays(365_000)), NOW);

    assertThat(Trend.of(future)).isEqualTo(Trend.of(event(EventType.VIEW, NOW, NOW)));
    double wanted = Trend.sum(Trend.of(event(EventType.VIEW, NOW)), Trend.of(future));
    assertThat(Trend.score(wanted, NOW)).isCloseTo(2, within(1e-6));
  }

  @Test
  void times_of_all_years_stay_finite() {
    Instant first = Instant.parse("0001-01-01T00:00:00Z");
    Instant last = Instant.parse("9999-12-31T23:59:59Z");
    double both =
        Trend.sum(Trend.of(event(EventType.VIEW, first)), Trend.of(event(EventType.VIEW, last)));

    assertThat(both).isFinite().isEqualTo(Trend.of(event(EventType.VIEW, last)));
    assertThat(Trend.score(Trend.of(event(EventType.VIEW, first)), NOW)).isZero();
  }

  private static double sum(List<ShopEvent> events) {
    double sum = Trend.NONE;
    for (ShopEvent event : events) {
      sum = Trend.sum(sum, Trend.of(event));
    }
    return sum;
  }

  private static ShopEvent event(EventType type, Instant time) {
    return event(type, time, time);
  }

  private static ShopEvent event(EventType type, Instant time, Instant received) {
    return new ShopEvent(
        0,
        0,
        received.toEpochMilli() * 1000,
        "e",
        time.toString(),
        time.toEpochMilli() * 1000,
        "u",
        type,
        "s",
        new Product("p", "Lamp", null, null, 5),
        null,
        null,
        null,
        null,
        null);
  }
}
