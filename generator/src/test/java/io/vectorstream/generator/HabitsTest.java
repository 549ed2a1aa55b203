package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.shop.Product;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HabitsTest {

  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final int EVENTS = 20_000;

  private final Catalog catalog = Catalog.generate(200, 1);

  @Test
  void without_habits_no_number_is_drawn_for_them() {
    EventStream plain = new EventStream(catalog, settings(), 1);
    EventStream without = new EventStream(catalog, settings().withHabits(Habits.NONE), 1);
    EventStream with = new EventStream(catalog, settings().withHabits(new Habits(0.5, 0, 0, 0)), 1);
    List<String> events = new ArrayList<>();
    List<String> same = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      events.add(new String(plain.next(TIME).value()));
      same.add(new String(without.next(TIME).value()));
      others.add(new String(with.next(TIME).value()));
    }

    assertThat(same).isEqualTo(events);
    assertThat(others).isNotEqualTo(events);
  }

  @Test
  void from_one_category_to_another_shoppers_go_to_the_few_products_that_go_with_the_one_before()
      throws IOException {
    double usual = shareOfThreeMostFrequent(Habits.NONE);

    assertThat(shareOfThreeMostFrequent(new Habits(0.5, 0, 0, 0))).isGreaterThan(usual + 0.1);
  }

  /**
   * Returns how many of the views of another category than the view before are of one of the three
   * products that come most often after that one.
   */
  private double shareOfThreeMostFrequent(Habits habits) throws IOException {
    Map<String, JsonNode> before = new HashMap<>();
    Map<String, Map<String, Integer>> next = new HashMap<>();
    int pairs = 0;
    for (JsonNode event : events(habits)) {
      if (event.path("event_type").asText().equals("view")) {
        JsonNode product = event.path("product");
        JsonNode last = before.put(event.path("session_id").asText(), product);
        if (last != null && !last.path("category").equals(product.path("category"))) {
          next.computeIfAbsent(last.path("id").asText(), id -> new HashMap<>())
              .merge(product.path("id").asText(), 1, Integer::sum);
          pairs++;
        }
      }
    }
    int most =
        next.values().stream()
            .flatMap(counts -> counts.values().stream().sorted(Comparator.reverseOrder()).limit(3))
            .mapToInt(Integer::intValue)
            .sum();
    return (double) most / pairs;
  }

  @Test
  void what_was_bought_is_looked_at_again_at_the_beginning_of_a_session() throws IOException {
    Map<String, Set<String>> bought = new HashMap<>();
    Set<String> sessions = new HashSet<>();
    int returning = 0;
    int again = 0;
    for (JsonNode event : events(new Habits(0, 1, 0, 0))) {
      Set<String> own =
          bought.computeIfAbsent(event.path("user_id").asText(), id -> new HashSet<>());
      String product = event.at("/product/id").asText();
      if (sessions.add(event.path("session_id").asText()) && !own.isEmpty()) {
        returning++;
        again += own.contains(product) ? 1 : 0;
      }
      if (event.path("event_type").asText().equals("purchase")) {
        own.add(product);
      }
    }

    assertThat(returning).isPositive();
    assertThat(again).isEqualTo(returning);
  }

  @Test
  void tastes_change_where_they_drift_and_only_there() {
    assertThat(changedTastes(Habits.NONE)).isZero();
    assertThat(changedTastes(new Habits(0, 0, 0.5, 0))).isGreaterThan(25);
  }

  private long changedTastes(Habits habits) {
    EventStream stream = new EventStream(catalog, settings().withHabits(habits), 1);
    Map<Integer, List<String>> tastes = new HashMap<>();
    for (int user = 0; user < 50; user++) {
      tastes.put(user, stream.tastes(Shopper.id(user)));
    }
    for (int i = 0; i < EVENTS; i++) {
      stream.next(TIME);
    }
    return tastes.entrySet().stream()
        .filter(user -> !stream.tastes(Shopper.id(user.getKey())).equals(user.getValue()))
        .count();
  }

  @Test
  void terse_products_stay_on_their_shelves_and_say_nothing() {
    Catalog terse = catalog.terse(0.5, 1);

    List<Product> silent =
        terse.products().stream().filter(product -> product.category().isEmpty()).toList();
    assertThat(silent.size()).isBetween(70, 130);
    assertThat(silent)
        .allMatch(product -> product.description().isEmpty())
        .allMatch(product -> product.name().matches("Article \\d+"));
    assertThat(terse.shelves()).isEqualTo(catalog.shelves());
    assertThat(terse.products()).extracting(Product::id).isEqualTo(ids(catalog));
    assertThat(catalog.terse(0.5, 1).products()).isEqualTo(terse.products());
    assertThat(catalog.terse(0, 1).products()).isEqualTo(catalog.products());
  }

  @Test
  void habits_are_shares() {
    assertThatThrownBy(() -> new Habits(0, 0, 1.5, 0))
        .hasMessage("drift must be from 0 to 1, but is 1.5");
  }

  private static List<String> ids(Catalog of) {
    return of.products().stream().map(Product::id).toList();
  }

  private static ShopperSettings settings() {
    return ShopperSettings.defaults().withUsers(50).withConcurrentSessions(5).withZipfExponent(0);
  }

  private List<JsonNode> events(Habits habits) throws IOException {
    EventStream stream = new EventStream(catalog, settings().withHabits(habits), 1);
    List<JsonNode> events = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    for (int i = 0; i < EVENTS; i++) {
      events.add(json.readTree(stream.next(TIME).value()));
    }
    return events;
  }
}
