package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums have to be the same for every division and every order of the events. */
class DeltaTest {

  private static final Duration HALF_LIFE = Duration.ofDays(7);
  private static final Decay DECAY = new Decay(HALF_LIFE);
  private static final DeltaBounds BOUNDS = new DeltaBounds(8, 100, 10);
  private static final Settings.Weights WEIGHTS = new Settings.Weights(5, 3, 2, 1, 1, -2);
  private static final long START = 1_700_000_000_000_000L;
  private static final int DIMENSION = 16;

  @Test
  void a_product_is_the_same_for_any_split_and_order() {
    List<ShopEvent> events = events(new Random(1), 400);
    ProductState whole = productState(List.of(events));

    for (long seed = 0; seed < 20; seed++) {
      List<ShopEvent> shuffled = new ArrayList<>(events);
      Collections.shuffle(shuffled, new Random(seed));
      ProductState split = productState(split(shuffled, new Random(seed)));

      assertThat(split.newest()).isEqualTo(whole.newest());
      assertThat(split.counts().asMap()).isEqualTo(whole.counts().asMap());
      assertThat(split.revenue()).isEqualTo(whole.revenue());
      assertThat(split.firstSeenMicros()).isEqualTo(whole.firstSeenMicros());
      assertThat(split.lastSeenMicros()).isEqualTo(whole.lastSeenMicros());
      assertThat(split.trend()).isCloseTo(whole.trend(), within(1e-9));
    }
  }

  @Test
  void revenue_is_the_sum_of_what_purchases_brought_in() {
    double expected = 0;
    long purchases = 0;
    List<ShopEvent> events = events(new Random(2), 300);
    for (ShopEvent event : events) {
      if (event.type() == EventType.PURCHASE) {
        expected += event.totalAmount() != null ? event.totalAmount() : event.product().price();
        purchases++;
      }
    }

    ProductState state = productState(List.of(events));

    assertThat(purchases).isPositive();
    assertThat(state.counts().of(EventType.PURCHASE)).isEqualTo(purchases);
    assertThat(state.revenue()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void a_late_event_does_not_bring_back_an_old_description() {
    ShopEvent now = event(EventType.VIEW, START + 1000, "New name", 10, null);
    ShopEvent late = event(EventType.VIEW, START, "Old name", 10, null);

    ProductState state = productState(List.of(List.of(now), List.of(late)));

    assertThat(state.newest().product().name()).isEqualTo("New name");
    assertThat(state.counts().total()).isEqualTo(2);
  }

  @Test
  void a_batch_that_was_merged_before_changes_nothing() {
    List<ShopEvent> events = events(new Random(3), 50);
    ProductDelta product = productDelta(events);
    UserDelta user = userDelta(events);
    TextVectors vectors = vectors(events);

    ProductState once = ProductState.of(product, "m", "q:7");
    assertThat(once.plus(product, "m", "q:7")).isSameAs(once);
    assertThat(once.plus(product, "m", "q:8").counts().total()).isEqualTo(100);

    UserState known = UserState.unknown("u").plus(user, vectors, vectors, DECAY, 10, "q:7");
    assertThat(known.plus(user, vectors, vectors, DECAY, 10, "q:7")).isSameAs(known);
    assertThat(known.plus(user, vectors, vectors, DECAY, 10, "q:8").counts().total())
        .isEqualTo(100);
  }

  @Test
  void a_users_interest_is_the_decayed_weighted_sum_for_any_split_and_order() {
    List<ShopEvent> events = events(new Random(4), 400);
    TextVectors vectors = vectors(events);
    double[] expected = plainInterest(events, vectors);

    for (long seed = 0; seed < 20; seed++) {
      List<ShopEvent> shuffled = new ArrayList<>(events);
      Collections.shuffle(shuffled, new Random(seed));
      UserState state = UserState.unknown("u");
      int batch = 0;
      for (List<ShopEvent> part : split(shuffled, new Random(seed))) {
        state = state.plus(userDelta(part), vectors, vectors, DECAY, 10, "q:" + batch++);
      }
      Interest interest = state.interest();
      assertThat(interest.atMicros())
          .isEqualTo(events.stream().mapToLong(ShopEvent::eventTimeMicros).max().orElseThrow());
      for (int i = 0; i < DIMENSION; i++) {
        assertThat(interest.direction()[i] * interest.length())
            .isCloseTo(expected[i], within(1e-5 * interest.weight()));
      }
      assertThat(state.lastProducts()).hasSize(1);
      assertThat(state.lastSeenMicros()).isEqualTo(interest.atMicros());
    }
  }

  @Test
  void an_interest_whose_parts_cancel_out_has_no_direction() {
    ShopEvent wish = event(EventType.WISHLIST_ADD, START, "A", 1, null);
    ShopEvent remove = event(EventType.REMOVE_FROM_CART, START, "A", 1, null);
    List<ShopEvent> events = List.of(wish, remove);

    UserState state =
        UserState.unknown("u")
            .plus(userDelta(events), vectors(events), TextVectors.NONE, DECAY, 10, "q:0");

    assertThat(state.interest().direction()).isNull();
    assertThat(state.interest().weight()).isCloseTo(4, within(1e-9));
    UserState later =
        state.plus(userDelta(List.of(wish)), vectors(events), TextVectors.NONE, DECAY, 10, "q:1");
    assertThat(later.interest().direction()).isNotNull();
  }

  @Test
  void an_interest_is_the_same_when_embeddings_come_later_than_the_events() {
    List<ShopEvent> events = events(new Random(5), 300);
    TextVectors all = vectors(events);
    double[] expected = plainInterest(events, all);

    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      UserState state = UserState.unknown("u");
      int batch = 0;
      for (List<ShopEvent> part : split(events, random)) {
        TextVectors products = some(all, random);
        TextVectors queries = some(all, random);
        state = state.plus(userDelta(part), products, queries, DECAY, 10, "q:" + batch++);
        if (random.nextBoolean()) {
          state = state.resolved(some(all, random), some(all, random), DECAY);
        }
      }
      state = state.resolved(all, all, DECAY);

      Interest interest = state.interest();
      assertThat(interest.pending()).isEqualTo(PendingShares.NONE);
      for (int i = 0; i < DIMENSION; i++) {
        assertThat(interest.direction()[i] * interest.length())
            .isCloseTo(expected[i], within(1e-5 * interest.weight()));
      }
      assertThat(state.resolved(all, all, DECAY).interest().length())
          .isCloseTo(interest.length(), within(1e-5));
    }
  }

  @Test
  void a_share_is_pending_until_its_text_is_embedded_or_has_failed() {
    ShopEvent view = event(EventType.VIEW, START, "A", 1, null);
    ShopEvent search = event(EventType.SEARCH, START, "A", 1, "socks");

    UserState state =
        UserState.unknown("u")
            .plus(
                userDelta(List.of(view, search)),
                TextVectors.NONE,
                TextVectors.NONE,
                DECAY,
                10,
                "q:0");

    assertThat(state.interest().direction()).isNull();
    assertThat(state.interest().weight()).isCloseTo(2, within(1e-9));
    assertThat(state.interest().pending())
        .isEqualTo(new PendingShares(Map.of("A", 1.0), Map.of("socks", 1.0)));

    TextVectors failed = new TextVectors(Map.of(), Map.of("A", "it fails"));
    UserState resolved = state.resolved(failed, vectors(List.of(search)), DECAY);

    assertThat(resolved.interest().pending()).isEqualTo(PendingShares.NONE);
    assertThat(resolved.interest().length()).isCloseTo(1, within(1e-6));
    assertThat(resolved.batch()).isEqualTo("q:0");
  }

  @Test
  void a_product_waits_for_each_of_its_texts_once() {
    ProductState known =
        ProductState.of(productDelta(events(new Random(6), 5)), "m", "q:7")
            .withPending(Map.of("h1", "one"), 8);

    assertThat(known.withPending(Map.of("h1", "one"), 8)).isSameAs(known);
    ProductState more = known.withPending(Map.of("h1", "one", "h2", "two", "h3", "three"), 8);
    assertThat(more.pendingTexts()).containsOnlyKeys("h1", "h2", "h3");
    assertThat(
            more.resolved(new TextVectors(Map.of("h1", new float[1]), Map.of("h3", "it fails")))
                .pendingTexts())
        .isEqualTo(Map.of("h2", "two"));
  }

  @Test
  void times_centuries_apart_do_not_overflow() {
    ShopEvent old = event(EventType.VIEW, START, "A", 1, null);
    ShopEvent future =
        event(EventType.VIEW, START + Duration.ofDays(365_000).toMillis() * 1000, "B", 1, null);
    TextVectors vectors = vectors(List.of(old, future));

    for (List<ShopEvent> order : List.of(List.of(old, future), List.of(future, old))) {
      Interest interest =
          UserState.unknown("u")
              .plus(userDelta(order), vectors, TextVectors.NONE, DECAY, 10, "q:0")
              .interest();
      assertThat(interest.length()).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void a_search_counts_with_its_query_and_not_with_the_product_beside_it() {
    ShopEvent search = event(EventType.SEARCH, START, "A", 1, "warm socks");

    UserDelta delta = userDelta(List.of(search));

    assertThat(delta.queries()).containsExactly("warm socks");
    assertThat(delta.productWeights().weights()).isEmpty();
  }

  @Test
  void the_last_products_are_the_latest_ones_each_once() {
    UserDelta delta = new UserDelta("u", DECAY, BOUNDS);
    for (int i = 0; i < 30; i++) {
      ShopEvent event = event(EventType.VIEW, START + i, "A", 1, null, "p" + i % 20);
      delta.add(event, "h", WEIGHTS);
    }

    UserState state =
        UserState.unknown("u")
            .plus(delta, known(Map.of("h", new float[] {1})), TextVectors.NONE, DECAY, 3, "q:0");

    assertThat(state.lastProducts())
        .containsExactly(
            new UserState.Seen("p9", START + 29),
            new UserState.Seen("p8", START + 28),
            new UserState.Seen("p7", START + 27));
  }

  private static ProductState productState(List<List<ShopEvent>> batches) {
    ProductState state = null;
    int batch = 0;
    for (List<ShopEvent> events : batches) {
      ProductDelta delta = productDelta(events);
      String name = "q:" + batch++;
      state = state == null ? ProductState.of(delta, "m", name) : state.plus(delta, "m", name);
    }
    return state;
  }

  /** Sums the events in two tasks, as a batch does. */
  private static ProductDelta productDelta(List<ShopEvent> events) {
    ProductDelta first = new ProductDelta(8);
    ProductDelta second = new ProductDelta(8);
    events.subList(0, (events.size() + 1) / 2).forEach(first::add);
    events.subList((events.size() + 1) / 2, events.size()).forEach(second::add);
    return events.size() == 1 ? first : first.add(second);
  }

  private static UserDelta userDelta(List<ShopEvent> events) {
    UserDelta first = new UserDelta("u", DECAY, BOUNDS);
    UserDelta second = new UserDelta("u", DECAY, BOUNDS);
    for (int i = 0; i < events.size(); i++) {
      ShopEvent event = events.get(i);
      (i % 2 == 0 ? first : second).add(event, event.product().name(), WEIGHTS);
    }
    return first.add(second);
  }

  private static List<List<ShopEvent>> split(List<ShopEvent> events, Random random) {
    List<List<ShopEvent>> parts = new ArrayList<>();
    int from = 0;
    while (from < events.size()) {
      int to = Math.min(events.size(), from + 1 + random.nextInt(90));
      parts.add(events.subList(from, to));
      from = to;
    }
    return parts;
  }

  private static TextVectors some(TextVectors all, Random random) {
    Map<String, float[]> some = new HashMap<>(all.vectors());
    some.keySet().removeIf(text -> random.nextBoolean());
    return known(some);
  }

  private static double[] plainInterest(List<ShopEvent> events, TextVectors vectors) {
    long latest = events.stream().mapToLong(ShopEvent::eventTimeMicros).max().orElseThrow();
    double[] sum = new double[DIMENSION];
    for (ShopEvent event : events) {
      double weight =
          switch (event.type()) {
            case PURCHASE -> 5;
            case ADD_TO_CART -> 3;
            case WISHLIST_ADD -> 2;
            case VIEW, SEARCH -> 1;
            case REMOVE_FROM_CART -> -2;
          };
      double ageInHalfLives = (latest - event.eventTimeMicros()) / (HALF_LIFE.toMillis() * 1000.0);
      String text = event.type() == EventType.SEARCH ? event.searchQuery() : event.product().name();
      for (int i = 0; i < DIMENSION; i++) {
        sum[i] += weight * Math.pow(0.5, ageInHalfLives) * vectors.vectors().get(text)[i];
      }
    }
    return sum;
  }

  private static List<ShopEvent> events(Random random, int count) {
    EventType[] types = EventType.values();
    List<ShopEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EventType type = types[random.nextInt(types.length)];
      long time = START + (long) (random.nextDouble() * Duration.ofDays(40).toMillis() * 1000);
      double price = Math.round(random.nextDouble() * 10_000) / 100.0;
      events.add(
          event(
              type,
              time,
              "Name " + random.nextInt(4),
              price,
              type == EventType.SEARCH ? "query " + random.nextInt(3) : null));
    }
    return events;
  }

  private static TextVectors vectors(List<ShopEvent> events) {
    Map<String, float[]> vectors = new HashMap<>();
    for (ShopEvent event : events) {
      for (String text :
          new String[] {event.product().name(), String.valueOf(event.searchQuery())}) {
        Random random = new Random(text.hashCode());
        float[] vector = new float[DIMENSION];
        double squares = 0;
        for (int i = 0; i < DIMENSION; i++) {
          vector[i] = (float) random.nextGaussian();
          squares += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSION; i++) {
          vector[i] /= (float) Math.sqrt(squares);
        }
        vectors.put(text, vector);
      }
    }
    return known(vectors);
  }

  private static TextVectors known(Map<String, float[]> vectors) {
    return new TextVectors(vectors, Map.of());
  }

  private static ShopEvent event(
      EventType type, long time, String name, double price, String query) {
    return event(type, time, name, price, query, "p");
  }

  private static ShopEvent event(
      EventType type, long time, String name, double price, String query, String product) {
    return new ShopEvent(
        0,
        time,
        time,
        "e" + time,
        "2024-01-15T10:30:00Z",
        time,
        "u",
        type,
        "s",
        new Product(product, name, null, null, price),
        null,
        type == EventType.PURCHASE && price > 50 ? (Double) (price * 2) : null,
        null,
        null,
        query);
  }
}
