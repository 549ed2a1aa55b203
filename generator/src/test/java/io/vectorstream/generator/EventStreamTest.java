package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.shop.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-02-28T23:59:59.5Z");
  private static final Catalog CATALOG = Catalog.generate(1000, 1);
  private static final ShopperSettings SETTINGS = ShopperSettings.defaults();
  private static final ShopperSettings FAULTY =
      SETTINGS.withMalformedShare(0.1).withDuplicateShare(0.2).withLateShare(0.05);

  @Test
  void the_same_seed_and_due_times_give_the_same_bytes() {
    List<GeneratedRecord> one = take(new EventStream(CATALOG, FAULTY, 5), 5000);
    List<GeneratedRecord> other = take(new EventStream(CATALOG, FAULTY, 5), 5000);

    for (int i = 0; i < one.size(); i++) {
      assertThat(other.get(i).kind()).isEqualTo(one.get(i).kind());
      assertThat(other.get(i).key()).isEqualTo(one.get(i).key());
      assertThat(other.get(i).value()).isEqualTo(one.get(i).value());
    }
  }

  @Test
  void event_ids_are_unique_uuids_and_differ_between_seeds() {
    Set<String> ids = new HashSet<>();
    for (long seed = 1; seed <= 3; seed++) {
      events(take(new EventStream(CATALOG, SETTINGS, seed), 10_000))
          .forEach(e -> ids.add(e.path("event_id").asText()));
    }

    assertThat(ids).hasSize(30_000);
    assertThat(ids).allSatisfy(id -> assertThat(UUID.fromString(id)).hasToString(id));
  }

  @Test
  void every_event_keeps_the_rules_and_carries_its_user_as_key() {
    for (GeneratedRecord record : take(new EventStream(CATALOG, SETTINGS, 1), 20_000)) {
      assertThat(EventFormat.brokenRule(record.value())).isEmpty();
      assertThat(record.kind()).isEqualTo(RecordKind.EVENT);
      assertThat(json(record).path("user_id").asText()).isEqualTo(record.key());
    }
  }

  @Test
  void the_timestamp_is_the_due_time_to_the_microsecond() {
    EventStream stream = new EventStream(CATALOG, SETTINGS, 1);
    for (String due :
        new String[] {
          "2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00Z", "2024-02-29T12:03:04.000001Z"
        }) {
      Instant time = Instant.parse(due);
      String written = json(stream.next(time)).path("timestamp").asText();
      assertThat(Instant.parse(written)).isEqualTo(time);
    }
  }

  @Test
  void products_come_as_they_are_in_the_catalogue() throws IOException {
    Map<String, Product> byId =
        CATALOG.products().stream().collect(Collectors.toMap(Product::id, Function.identity()));

    for (JsonNode event : events(take(new EventStream(CATALOG, SETTINGS, 1), 2000))) {
      if (event.has("product")) {
        Product product = JSON.treeToValue(event.get("product"), Product.class);
        assertThat(product).isEqualTo(byId.get(product.id()));
      }
    }
  }

  @Test
  void all_types_of_events_come_with_their_own_fields_in_sensible_numbers() {
    Map<String, List<JsonNode>> byType =
        events(take(new EventStream(CATALOG, SETTINGS, 1), 50_000)).stream()
            .collect(Collectors.groupingBy(e -> e.path("event_type").asText()));

    assertThat(byType)
        .containsOnlyKeys(
            "view", "add_to_cart", "remove_from_cart", "purchase", "wishlist_add", "search");
    assertThat(share(byType, "view")).isBetween(0.45, 0.75);
    assertThat(share(byType, "search")).isBetween(0.1, 0.3);
    assertThat(share(byType, "add_to_cart")).isBetween(0.06, 0.2);
    assertThat(share(byType, "wishlist_add")).isBetween(0.01, 0.08);
    assertThat(share(byType, "purchase")).isBetween(0.02, share(byType, "add_to_cart"));
    assertThat(share(byType, "remove_from_cart")).isBetween(0.005, 0.05);

    assertThat(byType.get("search")).allMatch(e -> !e.path("search_query").asText().isBlank());
    assertThat(shareWith(byType.get("search"), "product")).isCloseTo(0.5, within(0.05));
    assertThat(shareWith(byType.get("view"), "view_duration")).isCloseTo(0.9, within(0.02));
    assertThat(byType.get("add_to_cart")).allMatch(e -> e.path("quantity").asInt() >= 1);
    assertThat(byType.get("remove_from_cart")).allMatch(e -> e.path("quantity").asInt() >= 1);
    assertThat(byType.get("purchase"))
        .allSatisfy(
            e -> {
              double price = e.path("product").path("price").asDouble();
              assertThat(e.path("total_amount").asDouble())
                  .isCloseTo(price * e.path("quantity").asInt(), within(0.005));
              assertThat(e.path("payment_method").asText()).isNotBlank();
            });
    assertThat(
            byType.get("purchase").stream()
                .map(e -> e.path("payment_method").asText())
                .distinct()
                .count())
        .isBetween(4L, 10L);
  }

  @Test
  void only_what_is_in_the_cart_is_bought_or_taken_out() {
    Map<String, Map<String, Integer>> carts = new HashMap<>();
    int bought = 0;
    for (JsonNode event : events(take(new EventStream(CATALOG, SETTINGS, 1), 50_000))) {
      Map<String, Integer> cart =
          carts.computeIfAbsent(event.path("session_id").asText(), s -> new HashMap<>());
      String product = event.path("product").path("id").asText();
      int quantity = event.path("quantity").asInt();
      switch (event.path("event_type").asText()) {
        case "add_to_cart" -> assertThat(cart.put(product, quantity)).isNull();
        case "remove_from_cart" -> assertThat(cart.remove(product)).isEqualTo(quantity);
        case "purchase" -> {
          assertThat(cart.remove(product)).isEqualTo(quantity);
          bought++;
        }
        default -> {}
      }
    }
    assertThat(bought).isPositive();
  }

  @Test
  void many_sessions_run_at_once_and_each_belongs_to_one_user() {
    Map<String, Set<String>> usersOfSession = new HashMap<>();
    List<JsonNode> events = events(take(new EventStream(CATALOG, SETTINGS, 1), 5000));
    events.forEach(
        e ->
            usersOfSession
                .computeIfAbsent(e.path("session_id").asText(), s -> new HashSet<>())
                .add(e.path("user_id").asText()));

    assertThat(usersOfSession.values()).allMatch(users -> users.size() == 1);
    assertThat(events.subList(0, 500).stream().map(e -> e.path("session_id").asText()).distinct())
        .hasSizeGreaterThan(200);
  }

  @Test
  void popularity_of_products_is_skewed_as_zipf_says() {
    double skewed = shareOfTheTenthMostPopular(1.0);
    double flat = shareOfTheTenthMostPopular(0.0);

    // Under Zipf's law with exponent 1, the first 100 of 1,000 have 69% of all.
    assertThat(skewed).isBetween(0.55, 0.8);
    assertThat(flat).isLessThan(0.3);
  }

  private static double shareOfTheTenthMostPopular(double exponent) {
    Map<String, Long> views =
        events(take(new EventStream(CATALOG, SETTINGS.withZipfExponent(exponent), 1), 50_000))
            .stream()
            .filter(e -> e.path("event_type").asText().equals("view"))
            .collect(
                Collectors.groupingBy(
                    e -> e.path("product").path("id").asText(), Collectors.counting()));
    long all = views.values().stream().mapToLong(Long::longValue).sum();
    long top =
        views.values().stream()
            .sorted(Comparator.reverseOrder())
            .limit(CATALOG.products().size() / 10)
            .mapToLong(Long::longValue)
            .sum();
    return (double) top / all;
  }

  @Test
  void users_look_mostly_at_what_they_like() {
    EventStream stream = new EventStream(CATALOG, SETTINGS, 1);
    List<JsonNode> views =
        events(take(stream, 20_000)).stream()
            .filter(e -> e.path("event_type").asText().equals("view"))
            .toList();

    long liked =
        views.stream()
            .filter(
                e ->
                    stream
                        .tastes(e.path("user_id").asText())
                        .contains(e.path("product").path("category").asText()))
            .count();

    assertThat((double) liked / views.size()).isBetween(0.75, 0.95);
  }

  @Test
  void tastes_do_not_depend_on_what_was_sent_before() {
    EventStream used = new EventStream(CATALOG, SETTINGS, 1);
    take(used, 1000);

    assertThat(new EventStream(CATALOG, SETTINGS, 1).tastes("user-000017"))
        .isEqualTo(used.tastes("user-000017"))
        .isNotEmpty()
        .doesNotHaveDuplicates();
    assertThatThrownBy(() -> used.tastes("user-010000")).hasMessageContaining("no user");
    assertThatThrownBy(() -> used.tastes("someone")).hasMessageContaining("no user someone");
  }

  @Test
  void a_search_is_followed_by_a_view_of_what_was_clicked() {
    Map<String, String> clicked = new HashMap<>();
    int followed = 0;
    for (JsonNode event : events(take(new EventStream(CATALOG, SETTINGS, 1), 10_000))) {
      String session = event.path("session_id").asText();
      String product = event.path("product").path("id").asText();
      String before = clicked.remove(session);
      if (event.path("event_type").asText().equals("view") && before != null) {
        assertThat(product).isEqualTo(before);
        followed++;
      } else if (event.path("event_type").asText().equals("search") && event.has("product")) {
        clicked.put(session, product);
      }
    }
    assertThat(followed).isPositive();
  }

  @Test
  void every_malformed_record_breaks_a_rule_and_all_sorts_come() {
    Map<String, Long> broken =
        take(new EventStream(CATALOG, SETTINGS.withMalformedShare(1), 1), 8000).stream()
            .peek(r -> assertThat(r.kind()).isEqualTo(RecordKind.MALFORMED))
            .collect(
                Collectors.groupingBy(
                    r -> EventFormat.brokenRule(r.value()).orElse("nothing"),
                    Collectors.counting()));

    assertThat(broken)
        .containsKeys(
            "event_id",
            "user_id",
            "session_id",
            "timestamp",
            "event_type",
            "product",
            "product type",
            "product.price",
            "product.id or product.name")
        .doesNotContainKey("nothing");
    // Not JSON, cut off and invalid UTF-8: three of eight sorts.
    assertThat(broken.get("not JSON")).isBetween(2700L, 3300L);
  }

  @Test
  void shares_of_faults_are_as_asked() {
    Map<RecordKind, Long> kinds =
        take(new EventStream(CATALOG, FAULTY, 1), 40_000).stream()
            .collect(Collectors.groupingBy(GeneratedRecord::kind, Collectors.counting()));

    assertThat(kinds.get(RecordKind.MALFORMED)).isBetween(3700L, 4300L);
    assertThat(kinds.get(RecordKind.DUPLICATE)).isBetween(7600L, 8400L);
    assertThat(kinds.get(RecordKind.LATE)).isBetween(1800L, 2200L);
  }

  @Test
  void a_duplicate_has_the_bytes_and_key_of_a_valid_event_before_it() {
    Map<String, GeneratedRecord> before = new HashMap<>();
    int duplicates = 0;
    for (GeneratedRecord record : take(new EventStream(CATALOG, FAULTY, 1), 20_000)) {
      if (record.kind() == RecordKind.DUPLICATE) {
        GeneratedRecord first = before.get(json(record).path("event_id").asText());
        assertThat(record.value()).isEqualTo(first.value());
        assertThat(record.key()).isEqualTo(first.key());
        duplicates++;
      } else if (record.kind() != RecordKind.MALFORMED) {
        assertThat(before.put(json(record).path("event_id").asText(), record)).isNull();
      }
    }
    assertThat(duplicates).isPositive();
  }

  @Test
  void late_events_are_valid_and_within_the_most_lateness() {
    EventStream stream =
        new EventStream(
            CATALOG, SETTINGS.withLateShare(1).withMaxLateness(Duration.ofMinutes(5)), 1);
    List<Duration> lateness = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      GeneratedRecord record = stream.next(START);
      assertThat(record.kind()).isEqualTo(RecordKind.LATE);
      assertThat(EventFormat.brokenRule(record.value())).isEmpty();
      lateness.add(Duration.between(Instant.parse(json(record).path("timestamp").asText()), START));
    }

    assertThat(lateness)
        .allMatch(l -> l.toMillis() >= 1 && l.compareTo(Duration.ofMinutes(5)) <= 0)
        .anyMatch(l -> l.compareTo(Duration.ofMinutes(4)) > 0);
  }

  @Test
  void a_changing_description_is_one_that_no_other_event_has() {
    List<JsonNode> products =
        events(take(new EventStream(CATALOG, SETTINGS.withChangingShare(1), 1), 2000)).stream()
            .filter(event -> event.has("product"))
            .map(event -> event.path("product"))
            .toList();
    Map<String, Product> known =
        CATALOG.products().stream().collect(Collectors.toMap(Product::id, Function.identity()));

    assertThat(products).extracting(p -> p.path("description").asText()).doesNotHaveDuplicates();
    assertThat(products)
        .allSatisfy(
            product -> {
              Product original = known.get(product.path("id").asText());
              assertThat(product.path("description").asText())
                  .matches("(?s)\\Q%s\\E Only \\d+ left\\.".formatted(original.description()));
              assertThat(product.path("category").asText()).isEqualTo(original.category());
              assertThat(product.path("price").asDouble()).isEqualTo(original.price());
            });
  }

  @Test
  void one_user_and_one_product_are_enough() {
    EventStream stream = new EventStream(Catalog.generate(1, 1), SETTINGS.withUsers(1), 1);

    for (GeneratedRecord record : take(stream, 500)) {
      assertThat(EventFormat.brokenRule(record.value())).isEmpty();
    }
  }

  @Test
  void settings_out_of_range_are_refused() {
    assertThatThrownBy(() -> SETTINGS.withUsers(0)).hasMessageContaining("users");
    assertThatThrownBy(() -> SETTINGS.withLateShare(1.1)).hasMessageContaining("lateShare");
    assertThatThrownBy(() -> SETTINGS.withChangingShare(2)).hasMessageContaining("changingShare");
    assertThatThrownBy(() -> SETTINGS.withMalformedShare(Double.NaN))
        .hasMessageContaining("malformedShare");
    assertThatThrownBy(() -> SETTINGS.withZipfExponent(-1)).hasMessageContaining("zipfExponent");
    assertThatThrownBy(() -> SETTINGS.withLateShare(0.6).withDuplicateShare(0.6))
        .hasMessageContaining("add up to 1");
    assertThatThrownBy(() -> new FunnelOdds(0, 0, 0.6, 0.6, 0, 0, 0, 0, 0, 0, 0, 0))
        .hasMessageContaining("after a search add up to 1.2");
  }

  private static double share(Map<String, List<JsonNode>> byType, String type) {
    double all = byType.values().stream().mapToInt(List::size).sum();
    return byType.get(type).size() / all;
  }

  private static double shareWith(List<JsonNode> events, String field) {
    return (double) events.stream().filter(e -> e.has(field)).count() / events.size();
  }

  private static List<GeneratedRecord> take(EventStream stream, int count) {
    GeneratedRecord[] records = new GeneratedRecord[count];
    Arrays.setAll(records, i -> stream.next(START.plusMillis(i)));
    return List.of(records);
  }

  private static List<JsonNode> events(List<GeneratedRecord> records) {
    return records.stream().map(EventStreamTest::json).toList();
  }

  private static JsonNode json(GeneratedRecord record) {
    try {
      return JSON.readTree(record.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
