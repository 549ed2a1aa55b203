package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Maps;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.ProductText;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The kept data of a product and of a user stays small, and the counts stay exact. */
class BoundsTest {

  private static final int TEXTS = 4;
  private static final int SUBJECTS = 50;
  private static final int LAST = 5;
  private static final int PENDING = 12;
  private static final DeltaBounds BOUNDS = new DeltaBounds(TEXTS, SUBJECTS, LAST);
  private static final Decay DECAY = new Decay(Duration.ofDays(7));
  private static final Settings.Weights WEIGHTS = new Settings.Weights(5, 3, 2, 1, 1, -2);
  private static final long START = 1_700_000_000_000_000L;

  private record Batch(ProductDelta product, UserDelta user) {}

  @Test
  void a_product_with_a_new_text_in_each_event_comes_to_the_same_few_for_any_split_and_order() {
    List<ShopEvent> events =
        IntStream.range(0, 500).mapToObj(i -> view("p", "Only " + i + " left", i)).toList();
    Batch whole = batch(events, 1);
    assertThat(whole.product().hasFurtherTexts()).isTrue();
    assertThat(whole.product().textsByHash())
        .containsKey(whole.product().newest().textHash())
        .hasSizeBetween(TEXTS, TEXTS + 1);
    assertThat(whole.user().productWeights().weights()).hasSize(TEXTS + 1);

    for (long seed = 0; seed < 20; seed++) {
      Batch split = batch(shuffled(events, seed), 1 + (int) seed % 5);

      assertThat(split.product().textsByHash()).isEqualTo(whole.product().textsByHash());
      assertThat(split.product().counts().total()).isEqualTo(500);
      assertSameWeights(split.user(), whole.user());
    }
  }

  @Test
  void a_few_texts_of_a_product_are_all_told_apart() {
    List<ShopEvent> events =
        IntStream.range(0, 400).mapToObj(i -> view("p", "Text " + i % TEXTS, i)).toList();

    Batch batch = batch(events, 3);

    assertThat(batch.product().hasFurtherTexts()).isFalse();
    assertThat(batch.product().textsByHash()).hasSize(TEXTS);
    assertThat(batch.user().productWeights().weights().keySet())
        .extracting(ActionSubject::text)
        .containsExactlyInAnyOrderElementsOf(batch.product().textsByHash().keySet());
  }

  @Test
  void a_user_who_touches_everything_is_left_with_the_same_products_for_any_split_and_order() {
    List<ShopEvent> events = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      events.add(view("product-" + i, "Text " + i, i));
      events.add(search("query " + i, i));
    }
    UserDelta whole = batch(events, 1).user();
    assertThat(whole.productWeights().ids()).hasSize(SUBJECTS);
    assertThat(whole.queries()).hasSize(SUBJECTS);
    assertThat(whole.leftOut()).isGreaterThanOrEqualTo(2 * (1_500 - SUBJECTS));
    assertThat(whole.productWeights().weight()).isCloseTo(1_500, within(0.1));

    for (long seed = 0; seed < 10; seed++) {
      UserDelta split = batch(shuffled(events, seed), 1 + (int) seed % 4).user();

      assertSameWeights(split, whole);
      assertThat(split.queries()).isEqualTo(whole.queries());
      assertThat(split.counts().total()).isEqualTo(3_000);
      assertThat(split.lastProducts().latestFirst(LAST))
          .isEqualTo(whole.lastProducts().latestFirst(LAST))
          .extracting(UserState.Seen::productId)
          .containsExactly(
              "product-1499", "product-1498", "product-1497", "product-1496", "product-1495");
      assertThat(split.lastProducts().size()).isLessThan(5 * LAST * "product-1499".length());
    }
  }

  @Test
  void a_product_takes_on_no_more_texts_than_there_is_room_for_and_gives_none_away() {
    ProductState full =
        ProductState.of(batch(List.of(view("p", "New", 1)), 1).product(), "m", "q:1")
            .withPending(Map.of("h1", "1", "h2", "2", "h3", "3", "h4", "4", "h5", "5"), TEXTS);
    assertThat(full.pendingTexts()).containsOnlyKeys("h1", "h2", "h3", "h4");
    assertThat(full.isPending()).isFalse();

    Map<String, String> newest = Map.of(ProductText.hash("New"), "New");
    ProductState beside = full.withPending(newest, TEXTS);

    assertThat(beside.pendingTexts()).containsOnlyKeys("h1", "h2", "h3", "h4");
    assertThat(beside.newestPending()).isTrue();
    assertThat(beside.isPending()).isTrue();
    assertThat(beside.waitingTexts()).hasSize(TEXTS + 1).containsAllEntriesOf(newest);
    assertThat(beside.withPending(newest, TEXTS)).isSameAs(beside);

    ProductDelta newer = batch(List.of(view("p", "Newer", 2)), 1).product();
    ProductState replaced = beside.plus(newer, "m", "q:2").withPending(newer.textsByHash(), TEXTS);
    assertThat(replaced.waitingTexts())
        .hasSize(TEXTS + 1)
        .containsEntry(ProductText.hash("Newer"), "Newer");
    assertThat(replaced.withNewestDone(null).waitingTexts()).hasSize(TEXTS);
    assertThat(
            replaced
                .resolved(new TextVectors(Map.of("h2", new float[1]), Map.of()))
                .withPending(newer.textsByHash(), TEXTS))
        .satisfies(
            with -> assertThat(with.newestPending()).isFalse(),
            with -> assertThat(with.pendingTexts()).containsKey(ProductText.hash("Newer")));
  }

  @Test
  void an_interest_waits_for_what_counts_most_and_keeps_the_weight_of_the_rest() {
    List<ShopEvent> events = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      events.add(view("product-" + i, "Text " + i, 0));
      events.add(search("query " + i, 0));
      if (i >= 25) {
        events.add(view("product-" + i, "Text " + i, 0));
        events.add(search("query " + i, 0));
      }
    }
    UserState state = unknownPlus(batch(events, 2).user(), TextVectors.NONE);

    UserState bounded = state.withPendingAtMost(PENDING);

    assertThat(state.interest().pending().count()).isEqualTo(60);
    assertThat(bounded.interest().pending().count()).isEqualTo(PENDING);
    assertThat(bounded.interest().weight()).isEqualTo(70.0);
    assertThat(bounded.interest().pending().products().values()).filteredOn(w -> w == 2).hasSize(5);
    assertThat(bounded.interest().pending().queries().values()).filteredOn(w -> w == 2).hasSize(5);
    assertThat(bounded.withPendingAtMost(PENDING)).isSameAs(bounded);
  }

  @Test
  void queries_that_are_too_long_together_are_given_up() {
    String novel = "word ".repeat(60_000);
    List<ShopEvent> events =
        IntStream.range(0, 10).mapToObj(i -> search(i + novel, 0)).collect(Collectors.toList());
    events.add(search("socks", 0));

    Interest interest =
        unknownPlus(batch(events, 1).user(), TextVectors.NONE)
            .withPendingAtMost(PENDING)
            .interest();

    assertThat(interest.pending().queries()).hasSize(4).containsKey("socks");
    assertThat(interest.weight()).isEqualTo(11);
  }

  /**
   * Texts come in faster than they are embedded, batches are interrupted between their writes and
   * repeated, and steps between them embed some of the waiting texts. No interest may wait for a
   * text that no product holds.
   */
  @Test
  void whatever_is_cut_off_nobody_waits_for_a_text_that_the_product_does_not_hold() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Map<String, UserState> users = new HashMap<>();
      ProductState product = null;
      Map<String, Double> sent = new HashMap<>();
      for (int number = 0; number < 12; number++) {
        Map<String, List<ShopEvent>> byUser = new HashMap<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
          String user = "user-" + random.nextInt(3);
          byUser
              .computeIfAbsent(user, u -> new ArrayList<>())
              .add(view("p", "Only " + random.nextInt(1_000) + " left", START));
          sent.merge(user, 1.0, Double::sum);
        }
        ProductDelta delta =
            batch(byUser.values().stream().flatMap(List::stream).toList(), 2).product();
        String mark = "q:" + number;
        boolean done = false;
        while (!done) {
          TextVectors known = some(delta.textsByHash(), random);
          ProductState after =
              product == null ? ProductState.of(delta, "m", mark) : product.plus(delta, "m", mark);
          after =
              after.withPending(
                  Map.copyOf(Maps.filterKeys(delta.textsByHash(), known::isWaiting)), TEXTS);
          if (!after.isPending() || known.vectors().containsKey(after.newest().textHash())) {
            after = after.withNewestDone(null);
          }
          product = after;
          TextVectors all =
              known.withStandIns(
                  StandIn.of(delta, after, known).map(s -> Map.of("p", s)).orElse(Map.of()));
          done = true;
          for (String user : byUser.keySet()) {
            if (random.nextInt(4) == 0) {
              done = false;
              break;
            }
            UserState before = users.getOrDefault(user, UserState.unknown(user));
            UserDelta share = batch(byUser.get(user), 2).user();
            users.put(user, before.plus(share, all, TextVectors.NONE, DECAY, LAST, mark));
          }
          assertHeld(product, users);
          if (random.nextBoolean()) {
            TextVectors embedded = some(product.waitingTexts(), random);
            users.replaceAll((id, user) -> user.resolved(embedded, TextVectors.NONE, DECAY));
            product = product.resolved(embedded);
            assertHeld(product, users);
          }
        }
      }
      TextVectors rest = all(product.waitingTexts());
      users.replaceAll((id, user) -> user.resolved(rest, TextVectors.NONE, DECAY));

      users.forEach(
          (id, user) -> {
            assertThat(user.interest().pending()).isEqualTo(PendingShares.NONE);
            assertThat(user.interest().weight()).isCloseTo(sent.get(id), within(1e-6));
            // All texts have the same vector here, so that no share may be missing from the length.
            assertThat(user.interest().length()).isCloseTo(sent.get(id), within(1e-3));
          });
    }
  }

  private static void assertHeld(ProductState product, Map<String, UserState> users) {
    assertThat(product.pendingTexts()).hasSizeLessThanOrEqualTo(TEXTS);
    Set<String> held = product.pendingTexts().keySet();
    users
        .values()
        .forEach(
            user -> assertThat(held).containsAll(user.interest().pending().products().keySet()));
  }

  private static UserState unknownPlus(UserDelta delta, TextVectors vectors) {
    return UserState.unknown("u").plus(delta, vectors, vectors, DECAY, LAST, "q:1");
  }

  private static TextVectors some(Map<String, String> texts, Random random) {
    return all(Maps.filterKeys(texts, text -> random.nextInt(4) == 0));
  }

  private static TextVectors all(Map<String, String> texts) {
    return new TextVectors(
        Map.copyOf(Maps.transformValues(texts, text -> new float[] {1, 0})), Map.of());
  }

  private static void assertSameWeights(UserDelta one, UserDelta other) {
    assertSameWeights(one.productWeights(), other.productWeights());
    assertSameWeights(one.queryWeights(), other.queryWeights());
  }

  private static void assertSameWeights(InterestWeights one, InterestWeights other) {
    assertThat(one.weights()).containsOnlyKeys(other.weights().keySet());
    double factor = DECAY.factor(one.atMicros(), other.atMicros());
    one.weights()
        .forEach(
            (subject, weight) ->
                assertThat(weight * factor).isCloseTo(other.weights().get(subject), within(1e-6)));
    assertThat(one.weight() * factor).isCloseTo(other.weight(), within(1e-6));
  }

  private static List<ShopEvent> shuffled(List<ShopEvent> events, long seed) {
    List<ShopEvent> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled;
  }

  /** Sums the events in some tasks; the product's delta is of those events that are about one. */
  private static Batch batch(List<ShopEvent> events, int tasks) {
    ProductDelta product = null;
    UserDelta user = null;
    for (int task = 0; task < tasks; task++) {
      ProductDelta products = new ProductDelta(TEXTS);
      UserDelta users = new UserDelta("u", DECAY, BOUNDS);
      boolean any = false;
      for (int i = task; i < events.size(); i += tasks) {
        ShopEvent event = events.get(i);
        any |= event.product() != null;
        users.add(event, event.product() == null ? null : products.add(event), WEIGHTS);
      }
      if (any) {
        product = product == null ? products : product.add(products);
      }
      user = user == null ? users : user.add(users);
    }
    return new Batch(product, user);
  }

  private static ShopEvent view(String product, String text, long micros) {
    return event(EventType.VIEW, new Product(product, text, null, null, 5), null, micros);
  }

  private static ShopEvent search(String query, long micros) {
    return event(EventType.SEARCH, null, query, micros);
  }

  private static ShopEvent event(EventType type, Product product, String query, long micros) {
    return new ShopEvent(
        0,
        micros,
        micros,
        "e",
        "2024-01-15T10:30:00Z",
        micros,
        "u",
        type,
        "s",
        product,
        null,
        null,
        null,
        null,
        query);
  }
}
