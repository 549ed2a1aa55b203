package io.vectorstream.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.event.EventField;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.SkippedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mappings that come with the program, with their example records. */
class ReadyMappingsTest {

  private static final Path FOLDER = Path.of("../config/mappings");

  static List<String> ready() {
    return Mappings.READY;
  }

  private static List<String> examples(String mapping) throws IOException {
    return Files.readAllLines(FOLDER.resolve("examples/" + mapping + ".jsonl"));
  }

  /** Returns each event of the examples in one line. */
  private static List<String> mapped(String mapping) throws IOException {
    MappedRecords reader = MappedRecords.of(mapping);
    return examples(mapping).stream()
        .flatMap(line -> reader.read(line).stream())
        .map(ReadyMappingsTest::line)
        .toList();
  }

  private static String line(ParsedRecord record) {
    if (record instanceof SkippedRecord) {
      return "skipped";
    }
    ShopEvent event = record.requireEvent();
    String product =
        event.product() == null
            ? "-"
            : "%s (%s, %s) %s"
                .formatted(
                    event.product().id(),
                    event.product().name(),
                    event.product().category(),
                    event.product().price());
    return String.join(
        " | ",
        event.eventId(),
        event.timestamp(),
        event.userId(),
        event.sessionId(),
        event.type().json(),
        product,
        "%s %s %s".formatted(event.quantity(), event.paymentMethod(), event.searchQuery()));
  }

  @ParameterizedTest
  @MethodSource("ready")
  void each_has_examples_of_which_none_is_a_dead_letter(String mapping) throws IOException {
    assertThat(mapped(mapping)).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void no_file_is_left_out() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".yaml")))
          .containsExactlyInAnyOrderElementsOf(
              Mappings.READY.stream().map(name -> name + ".yaml").toList());
    }
  }

  @Test
  void the_one_for_this_projects_shape_knows_every_field() {
    assertThat(Mappings.read("vectorstream").fieldsLookedAt())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(EventField.values()).map(EventField::path).toList());
  }

  @Test
  void this_projects_shape_is_read_with_other_spellings() throws IOException {
    assertThat(mapped("vectorstream"))
        .containsExactly(
            "1001 | 2026-11-30T09:15:00+01:00 | 42 | s-7 | view | lamp-3 (Desk lamp, Lighting) 39.9"
                + " | null null null",
            "1002 | 2026-11-30T08:16:00Z | 42 | s-7 | purchase | lamp-3 (Desk lamp, null) 39.9"
                + " | 2 null null",
            "1003 | 2026-11-30T09:17:00.250+00:00 | 43 | s-8 | search | - | null null reading"
                + " light");
  }

  @Test
  void requests_of_the_measurement_protocol_of_ga4_are_read() throws IOException {
    assertThat(mapped("ga4"))
        .containsExactly(
            "view_item/e-501/0 | 2026-11-30T08:15:00.123456Z | u-42 | 1796026400 | view"
                + " | lamp-3 (Desk lamp, Lighting) 39.9 | 1 null null",
            "purchase/T-9001/0 | 2026-11-30T08:16:00Z | 8271.1794 | 1796026400 | purchase"
                + " | lamp-3 (Desk lamp, null) 39.9 | 2 card null",
            "purchase/T-9001/1 | 2026-11-30T08:16:00Z | 8271.1794 | 1796026400 | purchase"
                + " | bulb-1 (Bulb, Lighting) 19.5 | null card null",
            "search/e-502/0 | 2026-11-30T08:17:00Z | 5512.0031 | 77 | search | - | null null"
                + " reading light");
  }

  @Test
  void rows_of_the_bigquery_export_of_ga4_are_read() throws IOException {
    assertThat(mapped("ga4-bigquery"))
        .containsExactly(
            "8271.1794/1796026500123456/14/2/view_item/0 | 2026-11-30T08:15:00.123456Z | 8271.1794"
                + " | 1796026400 | view | lamp-3 (Desk lamp, Lighting) 39.9 | 1 null null",
            "8271.1794/1796026560000000/15/0/purchase/0 | 2026-11-30T08:16:00Z | u-42 | 1796026400"
                + " | purchase | lamp-3 (Desk lamp, null) 39.9 | 2 card null",
            "8271.1794/1796026560000000/15/0/purchase/1 | 2026-11-30T08:16:00Z | u-42 | 1796026400"
                + " | purchase | bulb-1 (Bulb, null) 19.5 | 1 card null",
            "skipped");
  }

  @Test
  void track_calls_of_segment_are_read() throws IOException {
    assertThat(mapped("segment"))
        .containsExactly(
            "skipped",
            "m-2/0 | 2026-11-30T09:15:00.000Z | a-1 | a-1 | view | lamp-3 (Desk lamp, Lighting)"
                + " 39.9 | 1 null null",
            "m-3/0 | 2026-11-30T09:16:00.000Z | u-42 | a-1 | purchase | lamp-3 (Desk lamp, null)"
                + " 39.9 | 2 card null",
            "m-3/1 | 2026-11-30T09:16:00.000Z | u-42 | a-1 | purchase | bulb-1 (Bulb, Lighting)"
                + " 19.5 | 1 card null",
            "m-4/0 | 2026-11-30T09:17:00.000Z | a-2 | a-2 | search | - | null null reading light");
  }

  @Test
  void webhooks_of_shopify_are_read() throws IOException {
    assertThat(mapped("shopify"))
        .containsExactly(
            "f3a1c0de77/7049122051:33f1 | 2026-11-30T09:15:00.000Z | f3a1c0de77 | f3a1c0de77"
                + " | add_to_cart | 7880321 (Desk lamp, null) 39.9 | 2 null null",
            "820982911946/866550311766 | 2026-11-30T04:16:00-05:00 | 115310627314 | f3a1c0de77"
                + " | purchase | 7880321 (Desk lamp, null) 39.9 | 2 shopify_payments null",
            "820982911946/141249953214 | 2026-11-30T04:16:00-05:00 | 115310627314 | f3a1c0de77"
                + " | purchase | 7880388 (Bulb, null) 19.5 | 1 shopify_payments null",
            "skipped");
  }

  @Test
  void the_header_of_a_webhook_of_shopify_tells_its_kind() throws IOException {
    MappedRecords reader = MappedRecords.of("shopify");
    String order = examples("shopify").get(1);

    assertThat(reader.events(order, "x-shopify-topic", "orders/paid"))
        .as("the same lines as of orders/create")
        .isEqualTo(reader.events(order, "X-Shopify-Topic", "orders/create"));
    assertThat(reader.read(order, "X-Shopify-Topic", "orders/cancelled"))
        .containsExactly(new SkippedRecord(2, 7));
    assertThat(reader.read(order.replace("\"test\": false", "\"test\": true")))
        .containsExactly(new SkippedRecord(2, 7));
  }

  @Test
  void a_tip_or_a_line_written_by_hand_in_an_order_of_shopify_is_left_out() throws IOException {
    MappedRecords reader = MappedRecords.of("shopify");
    String order = examples("shopify").get(1);
    String tip =
        "{\"id\": 1, \"product_id\": null, \"variant_id\": null, \"sku\": null, \"title\": \"Tip\","
            + " \"price\": \"2.00\", \"quantity\": 1}";

    assertThat(reader.events(order.replace("\"line_items\": [", "\"line_items\": [" + tip + ", ")))
        .isEqualTo(reader.events(order));
    assertThat(
            reader.read(
                order.replaceFirst(
                    "\"line_items\": \\[.*]", "\"line_items\": [%s]".formatted(tip))))
        .containsExactly(new SkippedRecord(2, 7));
    assertThat(
            reader.events(
                order.replaceFirst(
                    "\"line_items\": \\[.*]",
                    "\"line_items\": [%s]"
                        .formatted(tip.replace("\"sku\": null", "\"sku\": \"T\"")))))
        .singleElement()
        .satisfies(event -> assertThat(event.product().id()).isEqualTo("T"));
  }

  /** Webhooks of one shop often share a topic, and many of them have line_items. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // checkouts/create, with and without a cart
        "\"token\": \"t\", \"cart_token\": null, \"abandoned_checkout_url\": \"https://shop.example/c\"",
        "\"token\": \"t\", \"cart_token\": \"c\"",
        // fulfillments/create
        "\"order_id\": 820982911946, \"status\": \"success\"",
        // draft_orders/create
        "\"order_id\": null, \"invoice_url\": \"https://shop.example/i\"",
      })
  void other_webhooks_of_shopify_are_left_out_without_the_header_too(String fields) {
    String webhook =
        "{\"id\": 7, %s, \"email\": \"ada@example.com\", \"created_at\": \"2026-11-30T09:15:00Z\","
            + " \"line_items\": [{\"id\": 1, \"product_id\": 7880321, \"title\": \"Desk lamp\","
            + " \"price\": \"39.90\", \"quantity\": 1}]}";

    assertThat(MappedRecords.of("shopify").read(webhook.formatted(fields)))
        .containsExactly(new SkippedRecord(2, 7));
  }

  @Test
  void rows_of_ga4_have_terms_that_are_numbers_and_users_without_a_cookie() {
    MappedRecords reader = MappedRecords.of("ga4-bigquery");

    ShopEvent search =
        reader.event(
            """
            {"event_timestamp": "1796026500123456", "event_name": "view_search_results", "user_id": "u-42", \
            "user_pseudo_id": null, "items": [], "event_params": [{"key": "search_term", \
            "value": {"string_value": null, "int_value": "501"}}]}\
            """);
    ShopEvent withResults =
        MappedRecords.of("ga4")
            .event(
                """
                {"client_id": "5.1", "events": [{"name": "view_search_results", "params": {"event_id": "e-1", \
                "search_term": "lamp", "items": [{"item_id": "lamp-3"}, {"item_id": "lamp-9"}]}, \
                "timestamp_micros": 1796026620000000}]}\
                """);

    assertThat(search.searchQuery()).isEqualTo("501");
    assertThat(search.eventId()).isEqualTo("u-42/1796026500123456/0/0/view_search_results/0");
    assertThat(search.sessionId()).isEqualTo("u-42");
    assertThat(withResults.searchQuery()).isEqualTo("lamp");
    assertThat(withResults.product()).as("what was found").isNull();
  }

  @Test
  void enriched_events_of_snowplow_are_read() throws IOException {
    assertThat(mapped("snowplow"))
        .containsExactly(
            "c6ef3124-b53a-4b13-a233-0088f79dcbcb/0 | 2026-11-30T09:15:00.412Z | bc2e92ec6c204a14"
                + " | 2b15e5c8-d3b1 | view | lamp-3 (Desk lamp, Lighting) 39.9 | null null null",
            "0f6b3e2a-11aa-4c7e-9a2f-7d1b7c3e55a1/0 | 2026-11-30T09:16:00.100Z | u-42"
                + " | 2b15e5c8-d3b1 | purchase | lamp-3 (Desk lamp, Lighting) 39.9 | 2 card null",
            "0f6b3e2a-11aa-4c7e-9a2f-7d1b7c3e55a1/1 | 2026-11-30T09:16:00.100Z | u-42"
                + " | 2b15e5c8-d3b1 | purchase | bulb-1 (bulb-1, Lighting) 19.5 | 1 card null",
            "7a1fd0aa-0d52-4d0c-8f5e-1c86a1f6f001/0 | 2026-11-30T09:17:00.000Z | bc2e92ec6c204a14"
                + " | 2b15e5c8-d3b1 | search | - | null null reading light",
            "skipped");
  }

  /** A request that does not say which it is may be one of two that are alike. */
  @Test
  void a_request_of_ga4_without_an_id_is_known_by_its_place_and_taken_whole_or_not_at_all() {
    MappedRecords reader = MappedRecords.of("ga4");
    String good = "{\"item_id\": \"a\", \"price\": 1}";
    String request =
        "{\"client_id\": \"c\", \"events\": [{\"name\": \"view_item\", \"params\": {\"items\":"
            + " [%s]}}]}";

    assertThat(reader.event(request.formatted(good)).eventId())
        .isEqualTo("view_item/clicks%2F2%2F7%2F1796030400000/0/0");
    assertThat(reader.read(request.formatted(good + ", {\"item_id\": \"b\"}"))).hasSize(1);
    assertThat(reader.letter(request.formatted(good + ", {\"item_id\": \"b\"}")).detail())
        .isEqualTo(
            "events[0].params.items[1]: missing or empty: product.price"
                + " (events[].params.items[].price); the other events of the record (1) are not"
                + " stored either, because it has no id that a replay would keep");
  }
}
