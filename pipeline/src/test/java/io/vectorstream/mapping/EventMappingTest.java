package io.vectorstream.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.SettingsException;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.LenientValues;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.SkippedRecord;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventMappingTest {

  private static final String FIELDS =
      """
      fields:
        event_id: id
        timestamp: at
        user_id: who
        event_type: what
        session_id: visit | who
        product.id: item.sku
        product.name: item.title | item.sku
        product.price: item.price
        quantity: count
        total_amount: total
        payment_method: paid
        view_duration: seen
        search_query: words
      """;

  private static final String RECORD =
      """
      {"id": "e-1", "at": "2026-01-15T10:30:00Z", "who": "ada", "what": "view", \
      "item": {"sku": "p-1", "price": 12.5}, "count": 1, "total": 2.5, "seen": 1.5}\
      """;

  @TempDir Path folder;

  private MappedRecords mapping(String yaml) {
    return MappedRecords.of(folder, yaml);
  }

  private ShopEvent event(String from, String to) {
    return mapping(FIELDS).event(RECORD.replace(from, to));
  }

  @Test
  void the_first_alternative_that_is_there_counts() {
    MappedRecords reader = mapping(FIELDS);

    assertThat(reader.event(RECORD).sessionId()).isEqualTo("ada");
    for (String absent : List.of("null", "\"\"", "{}", "[]")) {
      assertThat(
              reader
                  .event(RECORD.replace("\"who\"", "\"visit\": %s, \"who\"".formatted(absent)))
                  .sessionId())
          .as(absent)
          .isEqualTo("ada");
    }
    assertThat(reader.event(RECORD.replace("\"who\"", "\"visit\": \"v\", \"who\"")).sessionId())
        .isEqualTo("v");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "2026-01-15 10:30:00+0000|2026-01-15T10:30:00+00:00",
        "2026-01-15T10:30:00.5+01|2026-01-15T10:30:00.5+01:00",
        "2026-01-15  10:30:00,123456789 +0130|2026-01-15T10:30:00.123456789+01:30",
        "2026-01-15t10:30z|2026-01-15T10:30:00Z",
        "2026-01-15 10:30:00 UTC|2026-01-15T10:30:00Z",
        "1768473000|2026-01-15T10:30:00Z",
        "1768473000.25|2026-01-15T10:30:00.250Z",
        "1768473000250|2026-01-15T10:30:00.250Z",
        "1768473000250001|2026-01-15T10:30:00.250001Z",
        "1768473000250001002|2026-01-15T10:30:00.250001002Z",
      })
  void times_are_read_in_many_spellings(String written, String read) {
    assertThat(event("2026-01-15T10:30:00Z", written).timestamp()).isEqualTo(read);
    if (written.matches("[\\d.]+")) {
      assertThat(event("\"2026-01-15T10:30:00Z\"", written).timestamp()).isEqualTo(read);
    }
  }

  @Test
  void a_unit_and_a_zone_of_times_can_be_told() {
    String record = RECORD.replace("2026-01-15T10:30:00Z", "%s");

    assertThat(
            mapping(FIELDS + "times: {unit: millis}").event(record.formatted("1000")).timestamp())
        .isEqualTo("1970-01-01T00:00:01Z");
    assertThat(
            mapping(FIELDS + "times: {zone: Europe/Berlin}")
                .event(record.formatted("2026-07-15 10:30:00"))
                .timestamp())
        .isEqualTo("2026-07-15T08:30:00Z");
    DeadLetter letter = mapping(FIELDS).letter(record.formatted("2026-07-15 10:30:00"));
    assertThat(letter.reason()).isEqualTo("invalid_timestamp");
    assertThat(letter.detail()).contains("(at)", "'2026-07-15 10:30:00'", "times.zone is not set");
  }

  @Test
  void a_time_in_another_form_is_told_with_the_forms_that_are_read() {
    for (String zone : List.of("", "times: {zone: Europe/Berlin}")) {
      assertThat(
              mapping(FIELDS + zone)
                  .letter(RECORD.replace("2026-01-15T10:30:00Z", "30.11.2026 10:00"))
                  .detail())
          .isEqualTo(
              "timestamp (at) is '30.11.2026 10:00', which is in none of the forms that are read;"
                  + " expected one such as 2026-11-30T10:00:00+01:00, or 2026-11-30 10:00 with"
                  + " times.zone, or a number of seconds, milliseconds, … since 1970");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-02-30 10:30:00+0000",
    "2026-01-15",
    "tomorrow",
    "1e300",
    "-1e30",
    "2026-01-15T10:30:00.1234567890Z"
  })
  void what_is_no_time_is_a_dead_letter(String time) {
    assertThat(mapping(FIELDS).letter(RECORD.replace("2026-01-15T10:30:00Z", time)).reason())
        .isEqualTo("invalid_timestamp");
  }

  @Test
  void numbers_are_read_from_texts_and_whole_numbers_from_others() {
    assertThat(event("12.5", "\" 12.50 \"").product().price()).isEqualTo(12.5);
    assertThat(event("\"count\": 1", "\"count\": \"3\"").quantity()).isEqualTo(3);
    assertThat(event("\"count\": 1", "\"count\": 3.0").quantity()).isEqualTo(3);
    assertThat(event("\"count\": 1", "\"count\": \"3.00\"").quantity()).isEqualTo(3);
    assertThat(event("\"count\": 1", "\"count\": 30e-1").quantity()).isEqualTo(3);
    assertThat(event("\"count\": 1", "\"count\": \"\"").quantity()).isNull();
    assertThat(event("\"seen\": 1.5", "\"seen\": \"1.5\"").viewDuration()).isEqualTo(1.5);
  }

  @Test
  void ids_that_are_numbers_are_whole() {
    assertThat(event("\"ada\"", "632910392.0").userId()).isEqualTo("632910392");
    assertThat(event("\"e-1\"", "17.0").eventId()).isEqualTo("17");
    assertThat(event("\"p-1\"", "9007199254740993").product().id()).isEqualTo("9007199254740993");
    assertThat(event("\"ada\"", "17.50").userId()).isEqualTo("17.50");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "12.5|\"12,50\"|wrong_type|product.price (item.price) is '12,50', expected a number",
        "12.5|\"0x10\"|wrong_type|product.price (item.price) is '0x10', expected a number",
        "12.5|{\"a\": 1}|wrong_type|product.price (item.price) is of another type, expected a"
            + " number",
        "12.5|1e999|invalid_price|product.price is 1E+999, expected a finite number of 0 or more",
        "12.5|-1|invalid_price|product.price is -1, expected a finite number of 0 or more",
        "12.5|null|missing_field|missing or empty: product.price (item.price)",
        "\"sku\": \"p-1\", |" + "|missing_field|missing or empty: product.id (item.sku)",
        "\"ada\"|\"\"|missing_field|missing or empty: user_id (who), session_id (visit ! who)",
        "\"ada\"|true|wrong_type|user_id is true or false, expected a text",
        "\"count\": 1|\"count\": 1.5|wrong_type|quantity is a number, expected a whole number",
        "\"count\": 1|\"count\": 1e400|wrong_type|quantity is a number, expected a whole number",
        "\"count\": 1|\"count\": 99999999999999999999|invalid_amount|quantity is"
            + " 99999999999999999999, expected a whole number of at most 64 bits",
        "\"view\"|\"look\"|unknown_event_type|event_type (what) is 'look', expected one of"
            + " add_to_cart, purchase, remove_from_cart, search, view, wishlist_add",
      })
  void what_cannot_be_converted_is_a_dead_letter_that_names_the_place(
      String from, String to, String reason, String detail) {
    DeadLetter letter = mapping(FIELDS).letter(RECORD.replace(from, to == null ? "" : to));

    assertThat(letter.detail()).isEqualTo(detail.replace('!', '|'));
    assertThat(letter.reason()).isEqualTo(reason);
  }

  @Test
  void types_are_renamed_and_others_left_out_or_dead_letters() {
    String types =
        FIELDS
            + """
            event_types:
              look: view
              ping: skip
            """;
    MappedRecords strict = mapping(types);

    assertThat(strict.event(RECORD.replace("view", "look")).type().json()).isEqualTo("view");
    assertThat(strict.event(RECORD).type().json()).isEqualTo("view");
    assertThat(strict.read(RECORD.replace("view", "ping")))
        .containsExactly(new SkippedRecord(2, 7));
    assertThat(strict.letter(RECORD.replace("view", "other")).detail()).contains("look, ping");
    assertThat(mapping(types + "unknown_event_types: skip").read(RECORD.replace("view", "other")))
        .containsExactly(new SkippedRecord(2, 7));
  }

  @Test
  void a_search_needs_no_product() {
    ShopEvent search = mapping(FIELDS).event(searchFor("\"lamp\""));

    assertThat(search.product()).isNull();
    assertThat(search.searchQuery()).isEqualTo("lamp");
  }

  /** Returns the record of a search in place of a product, with these words as JSON. */
  private static String searchFor(String words) {
    return RECORD
        .replace("view", "search")
        .replace("\"item\": {\"sku\": \"p-1\", \"price\": 12.5}", "\"words\": " + words);
  }

  @Test
  void the_words_of_a_search_may_be_an_array() {
    assertThat(mapping(FIELDS).event(searchFor("[\"desk\", null, \" lamp \", 40]")).searchQuery())
        .isEqualTo("desk lamp 40");
    assertThat(mapping(FIELDS).letter(searchFor("[[\"lamp\"]]")).reason()).isEqualTo("wrong_type");
  }

  @Test
  void a_search_for_nothing_names_where_its_words_were_looked_for() {
    assertThat(mapping(FIELDS).letter(searchFor("\"\"")).detail())
        .isEqualTo(
            "missing or empty: product.id (item.sku), search_query (words), of which a search needs"
                + " one");
  }

  @Test
  void conditions_leave_records_out() {
    MappedRecords reader =
        mapping(
            FIELDS
                + """
                skip:
                  - test = true
                  - not id
                  - shop != de
                """);
    String of = RECORD.replace("\"id\"", "\"shop\": \"de\", \"id\"");

    assertThat(reader.event(of).eventId()).isEqualTo("e-1");
    for (String record :
        List.of(
            of.replace("\"id\"", "\"test\": true, \"id\""),
            of.replace("\"id\"", "\"test\": \"true\", \"id\""),
            of.replace("\"e-1\"", "\"\""),
            of.replace("\"de\"", "\"at\""),
            RECORD)) {
      assertThat(reader.read(record)).as(record).containsExactly(new SkippedRecord(2, 7));
    }
  }

  @Test
  void a_condition_of_several_paths_is_about_the_first_that_is_there() {
    MappedRecords reader = mapping(FIELDS + "skip: [not sent | shop, sent | shop = no]");

    for (String with : List.of("\"sent\": 1", "\"shop\": 1", "\"sent\": 1, \"shop\": \"no\"")) {
      assertThat(reader.event(RECORD.replace("\"id\"", with + ", \"id\"")).eventId())
          .as(with)
          .isEqualTo("e-1");
    }
    for (String with : List.of("\"sent\": null", "\"sent\": \"\", \"shop\": \"no\"")) {
      assertThat(reader.read(RECORD.replace("\"id\"", with + ", \"id\"")))
          .as(with)
          .containsExactly(new SkippedRecord(2, 7));
    }
  }

  @Test
  void constants_conditions_and_what_the_record_has_beside_its_json_are_sources() {
    String fields =
        FIELDS
            .replace("user_id: who", "user_id: $header.User | $key")
            .replace("timestamp: at", "timestamp: $time")
            .replace("session_id: visit | who", "session_id: =app if app | =web")
            .replace("payment_method: paid", "payment_method: $topic")
            .replace("search_query: words", "search_query: =a word | words");
    ShopEvent event = mapping(fields).event(RECORD);

    assertThat(event.userId()).isEqualTo("key-1");
    assertThat(event.timestamp()).isEqualTo("2026-11-30T09:20:00Z");
    assertThat(event.sessionId()).isEqualTo("web");
    assertThat(event.paymentMethod()).isEqualTo("clicks");
    assertThat(event.searchQuery()).isEqualTo("a word");
    assertThat(mapping(fields).event(RECORD, "user", "grace").userId()).isEqualTo("grace");
    assertThat(mapping(fields).event(RECORD.replace("\"id\"", "\"app\": 1, \"id\"")).sessionId())
        .isEqualTo("app");
  }

  @Test
  void amounts_in_other_units_and_currencies_are_converted() {
    String record = RECORD.replace("\"total\"", "\"cur\": \"%s\", \"total\"");

    assertThat(mapping(FIELDS + "money: {unit: cents}").event(RECORD).product().price())
        .isEqualTo(0.125);
    assertThat(mapping(FIELDS + "money: {unit: micros}").event(RECORD).totalAmount())
        .isEqualTo(0.0000025);
    MappedRecords minor = mapping(FIELDS + "money: {unit: minor, currency: cur}");
    assertThat(minor.event(record.formatted("EUR")).product().price()).isEqualTo(0.125);
    assertThat(minor.event(record.formatted("JPY")).product().price()).isEqualTo(12.5);
    assertThat(minor.event(record.formatted("KWD")).product().price()).isEqualTo(0.0125);
    assertThat(minor.letter(record.formatted("EURO")).detail())
        .isEqualTo("product.price has the currency 'EURO', expected a code of ISO 4217");
    MappedRecords rates = mapping(FIELDS + "money: {currency: cur, rates: {EUR: 1, USD: 0.8}}");
    assertThat(rates.event(record.formatted("usd")).product().price()).isEqualTo(10);
    assertThat(rates.event(record.formatted("EUR")).totalAmount()).isEqualTo(2.5);
    assertThat(rates.letter(record.formatted("GBP")).detail())
        .isEqualTo("product.price has the currency 'GBP', expected one in money.rates: EUR, USD");
    assertThat(rates.letter(RECORD).detail())
        .isEqualTo("product.price has no currency, expected one in cur");
  }

  @Test
  void each_element_of_an_array_is_an_event_with_an_id_that_stays() {
    MappedRecords reader =
        mapping(
            FIELDS
                .replace("item.", "lines[].item.")
                .replace("quantity: count", "quantity: lines[].count"));
    String record =
        """
        {"id": "a/b", "at": "2026-01-15T10:30:00Z", "who": "ada", "what": "purchase", "lines": [
          {"item": {"sku": "p-1", "price": 1}, "count": 2}, {"item": {"sku": "p-2", "price": 3}}]}
        """;

    assertThat(reader.events(record))
        .extracting(ShopEvent::eventId, e -> e.product().id(), ShopEvent::quantity)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a%2Fb/0", "p-1", 2L),
            org.assertj.core.groups.Tuple.tuple("a%2Fb/1", "p-2", null));
    assertThat(reader.events(record)).isEqualTo(reader.events(record));
    assertThat(reader.reader().read(MappedRecords.record(8, record)))
        .extracting(read -> read.requireEvent().eventId())
        .as("wherever the record lies")
        .containsExactly("a%2Fb/0", "a%2Fb/1");
    assertThat(reader.letter(record.replace("\"price\": 3", "\"price\": -3")).detail())
        .isEqualTo(
            "lines[1]: product.price is -3, expected a finite number of 0 or more; the other"
                + " events of the record (1) are stored");
  }

  @Test
  void a_search_outside_of_an_array_is_one_event_however_much_it_has_found() {
    MappedRecords reader = mapping(FIELDS.replace("item.", "lines[].item."));
    String found = "[{\"item\": {\"sku\": \"p\", \"price\": 1}}, {\"item\": {\"sku\": \"q\"}}]";
    String record =
        "{\"id\": 1, \"at\": 1768473000, \"who\": \"ada\", \"what\": \"search\", \"words\": \"x\","
            + " \"lines\": "
            + found
            + "}";

    assertThat(reader.events(record))
        .singleElement()
        .satisfies(
            search -> {
              assertThat(search.eventId()).isEqualTo("1/0");
              assertThat(search.searchQuery()).isEqualTo("x");
              assertThat(search.product()).isNull();
            });
    assertThat(reader.read(record.replace("search", "view")))
        .as("what is no search is an event for each")
        .hasSize(2);
  }

  @Test
  void searches_within_an_array_are_one_event_each() {
    MappedRecords reader = mapping(FIELDS.replace("words", "lines[].words"));

    assertThat(
            reader.events(
                "{\"id\": 1, \"at\": 1768473000, \"who\": \"ada\", \"what\": \"search\","
                    + " \"lines\": [{\"words\": \"x\"}, {\"words\": \"y\"}]}"))
        .extracting(ShopEvent::searchQuery)
        .containsExactly("x", "y");
  }

  @Test
  void an_array_that_is_empty_or_missing_counts_as_one_element_without_fields() {
    MappedRecords reader = mapping(FIELDS.replace("item.", "lines[].item."));
    String search =
        "{\"id\": 1, \"at\": 1768473000, \"who\": \"ada\", \"what\": \"search\", \"words\":"
            + " \"x\"%s}";

    for (String lines : List.of("", ", \"lines\": []", ", \"lines\": null")) {
      assertThat(reader.event(search.formatted(lines)).eventId()).isEqualTo("1/0");
    }
    assertThat(
            reader
                .event(search.formatted(", \"lines\": {\"item\": {\"sku\": \"p\", \"price\": 1}}"))
                .product()
                .id())
        .as("an object in place of an array counts as its one element")
        .isEqualTo("p");
  }

  @Test
  void a_record_with_too_many_elements_is_one_dead_letter_that_says_so() {
    MappedRecords reader = mapping(FIELDS.replace("item.", "lines[].item."));
    String line = "{\"item\": {\"sku\": \"p\", \"price\": 1}}";
    String record =
        "{\"id\": 1, \"at\": 1768473000, \"who\": \"ada\", \"what\": \"view\", \"lines\": [%s]}";

    assertThat(reader.events(record.formatted(lines(line, 10_000)))).hasSize(10_000);
    assertThat(reader.letter(record.formatted(lines(line, 10_001))))
        .returns("cannot_be_stored", DeadLetter::reason)
        .returns(
            "the record has more than 10,000 elements that are events, expected no more of them;"
                + " none is stored",
            DeadLetter::detail);
  }

  @Test
  void a_record_whose_events_share_too_long_a_text_is_one_dead_letter_that_says_so() {
    MappedRecords reader = mapping(FIELDS.replace("item.", "lines[].item."));
    String line = "{\"item\": {\"sku\": \"p\", \"price\": 1}}";
    String record =
        "{\"id\": 1, \"at\": 1768473000, \"who\": \"ada\", \"what\": \"view\", \"words\": \""
            + "x".repeat(100_000)
            + "\", \"lines\": [%s]}";

    assertThat(reader.events(record.formatted(lines(line, 300)))).hasSize(300);
    assertThat(reader.letter(record.formatted(lines(line, 400))))
        .returns("cannot_be_stored", DeadLetter::reason)
        .returns(
            "the first 320 events of the record have more than 32,000,000 characters together,"
                + " expected no more in all of them; none is stored",
            DeadLetter::detail);
  }

  private static String lines(String line, int number) {
    return String.join(", ", Collections.nCopies(number, line));
  }

  @Test
  void arrays_within_arrays_are_taken_apart() {
    MappedRecords reader =
        mapping(
            FIELDS
                .replace("event_id: id", "event_id: '[].shop + [].orders[].no'")
                .replace("timestamp: at", "timestamp: '[].at'")
                .replace("user_id: who", "user_id: '[].who'")
                .replace("visit | who", "'[].who'")
                .replace("event_type: what", "event_type: =purchase")
                .replace("item.title | item.sku", "'[].orders[].items[].sku'")
                .replace("item.sku", "'[].orders[].items[].sku'")
                .replace("item.price", "'[].orders[].items[].price'"));

    assertThat(
            reader.events(
                """
                [{"shop": "de", "at": 1768473000, "who": "ada", "orders": [
                  {"no": 5, "items": [{"sku": "a", "price": 1}, {"sku": "b", "price": 1}]},
                  {"no": 6, "items": [{"sku": "c", "price": 1}]}]},
                 {"shop": "at", "at": 1768473000, "who": "bob", "orders": [
                  {"no": 5, "items": [{"sku": "d", "price": 1}]}]}]
                """))
        .extracting(event -> event.eventId() + " " + event.userId() + " " + event.product().id())
        .containsExactly("de/5/0 ada a", "de/5/1 ada b", "de/6/0 ada c", "at/5/0 bob d");
  }

  @Test
  void a_record_without_an_id_of_its_own_is_known_by_its_place() {
    MappedRecords reader = mapping(FIELDS.replace("event_id: id", "event_id: $place"));

    assertThat(reader.event(RECORD).eventId()).isEqualTo("clicks/2/7/1796030400000");
    assertThat(
            reader.reader().read(MappedRecords.record(8, RECORD)).get(0).requireEvent().eventId())
        .isEqualTo("clicks/2/8/1796030400000");
  }

  @Test
  void texts_can_mean_that_there_is_no_value() {
    assertThat(
            mapping(FIELDS + "absent: [\"(not set)\", undefined]")
                .event(RECORD.replace("\"who\"", "\"visit\": \"(not set)\", \"who\""))
                .sessionId())
        .isEqualTo("ada");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "event_id: id|event_ids: id|mapping.yaml:2: fields.event_ids: is no field of an event;"
            + " expected one of event_id, timestamp,",
        "event_id: id|product.url: id|mapping.yaml:1: fields: event_id is missing; expected where"
            + " it comes from, or a constant, such as =none",
        "user_id: who|user_id: \"who !\"|mapping.yaml:4: fields.user_id: 'who !' has nothing before"
            + " or behind a sign",
        "user_id: who|user_id: a..b|mapping.yaml:4: fields.user_id: 'a..b' is not a path; expected"
            + " one such as user.id,",
        "user_id: who|user_id: items[x].b|mapping.yaml:4: fields.user_id: 'items[x].b' is not a"
            + " path",
        "user_id: who|user_id: $keys|mapping.yaml:4: fields.user_id: '$keys' is unknown; expected"
            + " $key, $header.NAME,",
        "user_id: who|user_id: a + b|mapping.yaml:4: fields.user_id: has several parts; only"
            + " event_id can be made of several",
        "user_id: who|user_id: $place|mapping.yaml:4: fields.user_id: is $place, which is for"
            + " event_id only",
        "quantity: count|quantity: b[].c + 1|mapping.yaml:10: fields.quantity: has several parts",
      })
  void a_mapping_that_makes_no_sense_is_refused_with_its_line(
      String from, String to, String expected) {
    // A bar would end the column.
    String yaml = FIELDS.replace(from, to.replace('!', '|'));

    assertThatThrownBy(() -> mapping(yaml))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(expected.replace('!', '|'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "event_types: {look: veiw}|mapping.yaml:15: event_types.look: 'veiw' is no event type;"
            + " expected view, add_to_cart, remove_from_cart, purchase, wishlist_add, search or"
            + " skip",
        "unknown_event_types: drop|mapping.yaml:15: unknown_event_types: 'drop' is unknown;"
            + " expected dead_letter or skip",
        "times: {unit: days}|mapping.yaml:15: times.unit: 'days' is unknown; expected auto or",
        "times: {zone: Berlin}|mapping.yaml:15: times.zone: 'Berlin' is no time zone; expected one"
            + " such as Europe/Berlin, UTC or +03:00",
        "money: {unit: minor}|mapping.yaml:15: money: needs a currency; expected currency: and the"
            + " path of its code",
        "money: {currency: c, rates: {EUR: many}}|mapping.yaml:15: money.rates.EUR: 'many' is no"
            + " rate; expected a number above 0",
        "skip: [not a !]|mapping.yaml:15: skip: 'a !' has nothing before or behind a sign",
        "skip: [\"a.[\"]|mapping.yaml:15: skip: 'a.[' is not a path",
        "skip: [\"a[].x\", \"b[].x\"]|mapping.yaml:1: fields: a[].x and b[].x take the elements of"
            + " different arrays; expected one array, or one within the other",
        "filds: 1|mapping.yaml:15: filds is no field of a mapping; expected one of absent,",
      })
  void other_parts_that_make_no_sense_are_refused_too(String part, String expected) {
    // A bar would end the column.
    assertThatThrownBy(() -> mapping(FIELDS + part.replace('!', '|')))
        .isInstanceOf(SettingsException.class)
        .message()
        .satisfies(
            message ->
                assertThat(message.lines())
                    .anyMatch(line -> line.contains(expected.replace('!', '|'))));
  }

  @Test
  void a_name_that_is_no_mapping_and_no_file_is_refused() {
    assertThatThrownBy(() -> Mappings.read("ga5"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "kafka.mapping: there is no file 'ga5'; expected a mapping in YAML, or one of"
                + " vectorstream, ga4, ga4-bigquery, segment, shopify, snowplow");
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_time_with_many_blanks_is_none_and_costs_no_more_than_its_length() {
    String blanks = "2026-01-15 10:30" + " ".repeat(500_000) + "x";

    assertThat(mapping(FIELDS).letter(RECORD.replace("2026-01-15T10:30:00Z", blanks)).reason())
        .isEqualTo("invalid_timestamp");
    assertThat(LenientValues.time(" ".repeat(60) + "2026-01-15 10:30Z", null)).isNotNull();
    assertThat(LenientValues.time(" ".repeat(100) + "2026-01-15 10:30Z", null)).isNull();
  }

  /** These come from outside: none may cost more than its length, or end the task. */
  @Test
  void numbers_beyond_all_bounds_and_deep_json_do_no_harm() {
    for (String number : List.of("1e2147483647", "1e-2147483640", "9".repeat(1000), "-1e999")) {
      for (String field :
          List.of("\"at\": \"2026-01-15T10:30:00Z\"", "12.5", "\"count\": 1", "\"ada\"")) {
        String to = field.contains("at\":") ? "\"at\": " + number : number;
        String value = RECORD.replace(field, field.contains("count") ? "\"count\": " + number : to);

        assertThat(mapping(FIELDS + "money: {unit: cents}").read(value)).as(value).hasSize(1);
      }
    }
    assertThat(mapping(FIELDS).letter(RECORD.replace("12.5", "[".repeat(2000))).reason())
        .isEqualTo("not_json");
  }
}
