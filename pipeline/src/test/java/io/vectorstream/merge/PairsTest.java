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
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Pairs have to be the same however the events of a user are divided into batches and tasks. */
class PairsTest {

  private static final Duration HALF_LIFE = Duration.ofDays(30);
  private static final Decay DECAY = new Decay(HALF_LIFE);
  private static final DeltaBounds BOUNDS = new DeltaBounds(8, 100, 10);
  private static final Settings.Weights WEIGHTS = new Settings.Weights(5, 3, 2, 1, 1, -2);
  private static final long START = 1_700_000_000_000_000L;
  private static final long DAY = Duration.ofDays(1).toMillis() * 1000;
  private static final int LENGTH = 4;

  /** The decay of some microseconds. */
  private static final Offset<Double> A_MOMENT = within(1e-6);

  private static final int MANY = 1_000;

  /** The store of these tests. */
  private final Map<String, ProductPairs> stored = new HashMap<>();

  private Trail trail = Trail.NONE;
  private int batches;

  @Test
  void a_pair_counts_once_for_each_engagement_that_both_have_reached() {
    batch(List.of(event(EventType.VIEW, "a", 0), event(EventType.VIEW, "b", 1)));
    assertThat(sums("a", "b")).containsExactly(new double[] {1, 0, 0}, A_MOMENT);

    batch(List.of(event(EventType.VIEW, "a", 2), event(EventType.VIEW, "b", 3)));
    assertThat(sums("a", "b")).as("seen again").containsExactly(new double[] {1, 0, 0}, A_MOMENT);

    batch(List.of(event(EventType.PURCHASE, "a", 4)));
    assertThat(sums("a", "b"))
        .as("one bought, one seen")
        .containsExactly(new double[] {1, 0, 0}, A_MOMENT);

    batch(List.of(event(EventType.ADD_TO_CART, "b", 5)));
    assertThat(sums("b", "a"))
        .as("one bought, one in the cart")
        .containsExactly(new double[] {1, 1, 0}, A_MOMENT);

    batch(List.of(event(EventType.PURCHASE, "b", 6)));
    assertThat(sums("a", "b")).containsExactly(new double[] {1, 1, 1}, A_MOMENT);
    assertThat(sums("b", "a")).containsExactly(new double[] {1, 1, 1}, A_MOMENT);
  }

  @Test
  void searches_and_removals_make_no_pair() {
    batch(
        List.of(
            event(EventType.VIEW, "a", 0),
            event(EventType.REMOVE_FROM_CART, "b", 1),
            event(EventType.SEARCH, "c", 2)));

    assertThat(stored).isEmpty();
    assertThat(trail.steps()).containsExactly(new Trail.Step("a", Engagement.SEEN));
  }

  @Test
  void a_product_that_has_left_the_trail_pairs_again_when_it_comes_back() {
    List<ShopEvent> events = new ArrayList<>();
    for (int i = 0; i <= LENGTH; i++) {
      events.add(event(EventType.VIEW, "p" + i, i));
    }
    events.add(event(EventType.VIEW, "p0", LENGTH + 1));
    batch(events);

    assertThat(sums("p0", "p" + (LENGTH - 1))[0])
        .as("twice on the trail together")
        .isCloseTo(2, A_MOMENT);
    assertThat(stored.get("p0").partners()).as("never together with p4 at first").containsKey("p4");
    assertThat(trail.steps()).hasSize(LENGTH);
  }

  @Test
  void pairs_are_the_same_for_any_batches_and_tasks() {
    List<ShopEvent> events = events(new Random(1), 300);
    batch(events);
    Map<String, ProductPairs> whole = new HashMap<>(stored);
    Trail last = trail;

    for (long seed = 0; seed < 20; seed++) {
      stored.clear();
      trail = Trail.NONE;
      Random random = new Random(seed);
      int from = 0;
      while (from < events.size()) {
        int to = Math.min(events.size(), from + 1 + random.nextInt(40));
        List<ShopEvent> part = new ArrayList<>(events.subList(from, to));
        // The order in which tasks have read them says nothing.
        Collections.shuffle(part, random);
        batch(part);
        from = to;
      }
      assertThat(trail).isEqualTo(last);
      assertThat(stored).containsOnlyKeys(whole.keySet());
      whole.forEach(this::assertSame);
    }
  }

  private void assertSame(String product, ProductPairs expected) {
    ProductPairs actual = stored.get(product);
    assertThat(actual.partners()).containsOnlyKeys(expected.partners().keySet());
    assertThat(actual.atMicros()).isEqualTo(expected.atMicros());
    expected
        .partners()
        .forEach(
            (partner, sums) ->
                assertThat(actual.partners().get(partner).sums())
                    .containsExactly(sums.sums(), within(1e-9)));
  }

  @Test
  void a_batch_that_comes_again_changes_nothing() {
    PairDelta delta = new PairDelta("a");
    delta.add("b", Engagement.SEEN, START, DECAY);
    ProductPairs once = ProductPairs.none("a").plus(delta, 50, DECAY, "q:1");

    assertThat(once.plus(delta, 50, DECAY, "q:1")).isSameAs(once);
    assertThat(once.plus(delta, 50, DECAY, "q:2").total()).isEqualTo(2);
  }

  @Test
  void pairs_decay_by_the_time_of_the_later_action() {
    batch(List.of(event(EventType.VIEW, "a", 0), event(EventType.VIEW, "b", 0)));
    long later = HALF_LIFE.toDays() * DAY;
    batch(List.of(event(EventType.VIEW, "c", later)));

    assertThat(stored.get("a").atMicros()).isEqualTo(START + later);
    assertThat(sums("a", "b")[0]).isCloseTo(0.5, within(1e-9));
    assertThat(sums("a", "c")[0]).isEqualTo(1);
  }

  @Test
  void of_too_many_partners_the_heaviest_stay_and_the_others_are_accounted_for() {
    PairDelta delta = new PairDelta("a");
    IntStream.range(0, MANY)
        .forEach(
            i -> {
              delta.add("p" + i, Engagement.SEEN, START, DECAY);
              if (i >= MANY - 5) {
                delta.add("p" + i, Engagement.CARTED, START, DECAY);
              }
            });

    ProductPairs pairs = ProductPairs.none("a").plus(delta, 5, DECAY, "q:1");

    assertThat(pairs.partners())
        .containsOnlyKeys(
            IntStream.range(MANY - 5, MANY).mapToObj(i -> "p" + i).toArray(String[]::new));
    assertThat(pairs.rest().of(Engagement.SEEN)).isEqualTo(MANY - 5);
    assertThat(pairs.total()).isEqualTo(MANY + 5);
  }

  @Test
  void a_robot_takes_bounded_memory_and_its_last_products_count() {
    List<ShopEvent> events =
        IntStream.range(0, 10 * MANY).mapToObj(i -> event(EventType.VIEW, "p" + i, i)).toList();
    batch(events);

    assertThat(trail.steps())
        .last()
        .isEqualTo(new Trail.Step("p" + (10 * MANY - 1), Engagement.SEEN));
    assertThat(stored).hasSizeLessThanOrEqualTo(MANY);
  }

  /** Adds a batch of one user, whose events two tasks have summed up. */
  private void batch(List<ShopEvent> events) {
    UserDelta first = new UserDelta("u", DECAY, BOUNDS);
    UserDelta second = new UserDelta("u", DECAY, BOUNDS);
    for (int i = 0; i < events.size(); i++) {
      UserDelta user = i % 2 == 0 ? first : second;
      user.add(events.get(i), null, WEIGHTS);
      user.visit(events.get(i));
    }
    String mark = "q:" + batches++;
    Map<String, PairDelta> deltas = new HashMap<>();
    trail =
        trail.after(
            first.add(second),
            LENGTH,
            (product, other, engagement, at) -> {
              deltas.computeIfAbsent(product, PairDelta::new).add(other, engagement, at, DECAY);
              deltas.computeIfAbsent(other, PairDelta::new).add(product, engagement, at, DECAY);
            });
    deltas.forEach(
        (product, delta) ->
            stored.put(
                product,
                stored
                    .getOrDefault(product, ProductPairs.none(product))
                    .plus(delta, 2 * MANY, DECAY, mark)));
  }

  private double[] sums(String product, String partner) {
    return stored.get(product).partners().get(partner).sums();
  }

  private static List<ShopEvent> events(Random random, int count) {
    EventType[] types = EventType.values();
    List<ShopEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Times are not in the order of the records.
      long time = (long) (random.nextDouble() * 40 * DAY);
      events.add(event(types[random.nextInt(types.length)], "p" + random.nextInt(12), time, i));
    }
    return events;
  }

  private static ShopEvent event(EventType type, String product, long afterStart) {
    return event(type, product, afterStart, afterStart);
  }

  private static ShopEvent event(EventType type, String product, long afterStart, long offset) {
    long time = START + afterStart;
    return new ShopEvent(
        0,
        offset,
        time,
        "e" + offset,
        "2024-01-15T10:30:00Z",
        time,
        "u",
        type,
        "s",
        new Product(product, product, null, null, 1.0),
        null,
        null,
        null,
        null,
        null);
  }
}
